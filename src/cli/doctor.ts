import { examine, type Finding } from '../ops/doctor';

const USAGE = 'Usage: npm run doctor -- https://auth.example.com';
const NOTICE = `\
Looks at the server from here, as any client could. It sends no SMS and touches no user, but guesses passwords of
users that do not exist until the limit of our address is reached: no one logs in with a password from here for
ten minutes then. If the server takes all its clients for one address, nobody at all does.
`;
const NAME_WIDTH = 16;

/** `npm run doctor -- URL`: the exit code is 1 when there is a problem, 2 when the URL is unusable. */
async function main(parameters: string[]): Promise<void> {
  const url = urlIn(parameters);
  if (!url) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  console.log(NOTICE);
  const findings: Finding[] = [];
  for await (const finding of examine(url)) {
    findings.push(finding);
    console.log(lineFor(finding));
  }
  console.log(`\n${summaryOf(findings)}`);
  if (count(findings, 'problem') > 0) process.exitCode = 1;
}

/** A query, a fragment or credentials belong to no address of a server. */
function urlIn([text = '', ...rest]: string[]): URL | undefined {
  if (rest.length > 0 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = !url.search && !url.hash && !url.username && !url.password;
  return /^https?:$/.test(url.protocol) && isPlain ? url : undefined;
}

function lineFor({ status, name, detail }: Finding): string {
  return `${status.padEnd('problem'.length)}  ${name.padEnd(NAME_WIDTH)}  ${detail}`;
}

function summaryOf(findings: Finding[]): string {
  const [problems, warnings] = [count(findings, 'problem'), count(findings, 'warning')];
  return `${findings.length} checked: ${plural(problems, 'problem')}, ${plural(warnings, 'warning')}.`;
}

function count(findings: Finding[], status: Finding['status']): number {
  return findings.filter((finding) => finding.status === status).length;
}

const plural = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`;

void main(process.argv.slice(2));
