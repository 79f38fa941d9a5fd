import type { Contestant } from '../contestants/contestant';
import { type Plan, runPairs } from '../pairs';
import { SCENARIOS } from '../scenarios';
import { median } from '../statistics';
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
  const outcomes = await runPairs(subjects, scenarios, plan);
  const [less = 0, more = 0] = await Promise.all(subjects.map((subject) => subject.liveMemory()));
  await Promise.all(subjects.map((subject) => subject.stop()));
  const comparisons = scenarios.map(({ name: scenario }) => {
    const { pairs } = outcomes.find((one) => one.scenario === scenario && one.pairs.length > 0)!;
    const [smalls, larges] = [0, 1].map((side) =>
      pairs.map((pair) => pair[side]!.requestsPerSecond),
    );
    const ratio = median(larges!.map((rate, index) => rate / smalls![index]!));
    return { scenario, small: median(smalls!), large: median(larges!), ratio };
  });
  return { comparisons, memory: (more - less) / MEBIBYTE };
}
