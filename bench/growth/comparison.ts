import type { Contestant } from '../contestants/contestant';
import { median } from '../rank-tests';
import { type Plan, runRounds } from '../rounds';
import { SCENARIOS } from '../scenarios';
import type { Stores } from '../stores';
import { Subject } from '../subject';

const MEBIBYTE = 2 ** 20;

export interface Comparison {
  readonly scenario: string;
  readonly small: number;
  readonly large: number;
  /** How much of the rate of the small one the large one has. */
  readonly ratio: number;
}

export interface Compared {
  readonly comparisons: Comparison[];
  /** What the large one keeps in memory beyond the small one, in MiB. */
  readonly memory: number;
}

/** Requests a second of two databases, or two servers, in turns. */
export async function compare(
  stores: Stores,
  [small, large]: [Contestant, Contestant],
  names: string[],
  plan: Plan,
): Promise<Compared> {
  const subjects = [await Subject.start(small, stores), await Subject.start(large, stores)];
  const scenarios = SCENARIOS.filter(({ name }) => names.includes(name));
  const outcomes = await runRounds(subjects, scenarios, plan, console.log);
  const [less = 0, more = 0] = await Promise.all(subjects.map((subject) => subject.liveMemory()));
  await Promise.all(subjects.map((subject) => subject.stop()));
  const comparisons = scenarios.map(({ name }) => {
    const [one, other] = outcomes
      .filter(({ scenario }) => scenario === name)
      .map(({ samples }) => samples.map(({ requestsPerSecond }) => requestsPerSecond));
    // Of runs that follow each other: what slows the machine for a while slows both.
    const ratios = other!.map((rate, round) => rate / one![round]!);
    return { scenario: name, small: median(one!), large: median(other!), ratio: median(ratios) };
  });
  return { comparisons, memory: (more - less) / MEBIBYTE };
}
