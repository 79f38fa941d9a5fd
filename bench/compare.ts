import type { Contestant } from './contestants/contestant';
import { type Outcome, type Plan, runPairs } from './pairs';
import { type Report, reportOf } from './report';
import type { Scenario } from './scenarios';
import { measureStarts } from './start-time';
import type { Stores } from './stores';
import { Subject } from './subject';

export interface Comparison extends Plan {
  /** How often all servers start anew: each start compiles, and lies in memory, differently. */
  starts: number;
}

interface Options {
  withStartTimes?: boolean;
  isPeer?: (name: string) => boolean;
  report?: (line: string) => void;
}

/** Runs the scenarios with all contestants that can take part; each is compared with the first. */
export async function compare(
  field: Contestant[],
  scenarios: Scenario[],
  plan: Comparison,
  stores: Stores,
  { withStartTimes = false, isPeer, report = () => undefined }: Options = {},
): Promise<Report> {
  const { able, missing } = examine(field);
  const startTimes = withStartTimes ? await measureStarts(stores) : undefined;
  const starts: Outcome[][] = [];
  for (let start = 0; start < plan.starts; start++) {
    const outcomes = await withSubjects(able, stores, (subjects) =>
      runPairs(subjects, scenarios, plan, isPeer),
    );
    starts.push(outcomes);
    report(`Start ${start + 1} of ${plan.starts} measured`);
  }
  return reportOf(starts, plan, { startTimes, missing });
}

/** Starts contestants, and stops them whatever happens. */
export async function withSubjects<T>(
  field: Contestant[],
  stores: Stores,
  work: (subjects: Subject[]) => Promise<T>,
): Promise<T> {
  const subjects: Subject[] = [];
  try {
    for (const contestant of field) subjects.push(await Subject.start(contestant, stores));
    return await work(subjects);
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

/** Who can take part, and why the others cannot. */
export function examine(field: Contestant[]): { able: Contestant[]; missing: string[] } {
  const examined = field.map((contestant) => ({ contestant, why: contestant.hindrance?.() }));
  return {
    able: examined.flatMap(({ contestant, why }) => (why === undefined ? [contestant] : [])),
    missing: examined.flatMap(({ contestant: { name }, why }) => (why ? [`${name}: ${why}`] : [])),
  };
}
