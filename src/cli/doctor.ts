import { type Command, InvalidArgumentError } from 'commander';
import { examine, type Finding } from '../ops/doctor';
import { plural } from './plural';
import { showProgress } from './progress';

const NOTICE = `\
Looks at the server from here, as any client could. It sends no SMS and touches no user, but guesses passwords of
users that do not exist until the limit of our address is reached: no one logs in with a password from here for
ten minutes then. If the server takes all its clients for one address, nobody at all does.
`;
const NAME_WIDTH = 16;

export function doctor(tandem: Command): void {
  tandem
    .command('doctor')
    .description('Checks a running server from outside; exits with 1 when there is a problem.')
    .argument('<url>', 'where clients find it, like https://auth.example.com', plainUrl)
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', `\n${NOTICE}`)
    .action(report);
}

/** A query, a fragment or credentials belong to no address of a server. */
function plainUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && !url.search && !url.hash && !url.username && !url.password;
  if (isPlain && /^https?:$/.test(url.protocol)) return url;
  throw new InvalidArgumentError(
    'It must be the address of a server, like https://auth.example.com.',
  );
}

async function report(url: URL, { json }: { json?: true }): Promise<void> {
  const print = json ? () => undefined : console.log;
  print(NOTICE);
  const findings: Finding[] = [];
  for await (const finding of observed(examine(url))) {
    findings.push(finding);
    print(lineFor(finding));
  }
  print(`\n${summaryOf(findings)}`);
  if (json) console.log(JSON.stringify(findings));
  if (count(findings, 'problem') > 0) process.exitCode = 1;
}

async function* observed(findings: AsyncGenerator<Finding>): AsyncGenerator<Finding> {
  for (;;) {
    const { done, value } = await showProgress('Checking', findings.next());
    if (done) return;
    yield value;
  }
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
