import { type RemoteAnswer, RemoteServer } from './remote-server';
import { ok, problem, type Verdict } from './verdict';

interface Reached {
  readonly verdict: Verdict;
  /** The ways to the server: one for each version of IP, the first one to be used. */
  readonly ways: RemoteServer[];
}

/** Whether a Tandem server answers: no other one is to be troubled with what follows. */
export async function reach(url: URL): Promise<Reached> {
  const families = new RemoteServer(url).isAddress ? ([undefined] as const) : ([4, 6] as const);
  const ways = families.map((family) => new RemoteServer(url, family));
  const answers = await Promise.allSettled(ways.map((way) => way.get('/users/me')));
  const first = answers.find((answer) => answer.status === 'fulfilled');
  if (!first) return { verdict: problem(`No answer: ${reasonOf(answers)}.`), ways: [] };
  return {
    verdict: judge(first.value),
    ways: ways.filter((_, index) => answers[index]?.status === 'fulfilled'),
  };
}

function judge({ status, headers, body }: RemoteAnswer): Verdict {
  if (typeof body.errorCode === 'string') return ok('A Tandem server answers.');
  if (headers.location) return problem(`Leads to ${headers.location}: give the address there.`);
  return problem(
    `Answers ${status} without an errorCode: no Tandem server, or a proxy replaces its answers.`,
  );
}

/** A version of IP that the name has no address for tells less than one that it has. */
function reasonOf(answers: PromiseSettledResult<unknown>[]): string {
  const reasons = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [(answer.reason as Error).message] : [],
  );
  return reasons.find((reason) => !reason.startsWith('the name')) ?? reasons[0]!;
}
