import type { Contestant } from './contestants/contestant';
import { type Report, reportOf } from './report';
import { type Plan, runRounds } from './rounds';
import type { Scenario } from './scenarios';
import { measureStarts } from './start-time';
import type { Stores } from './stores';
import { Subject } from './subject';

interface Options {
  starts?: boolean;
  report?: (line: string) => void;
}

/** Runs the scenarios with all contestants that can take part. */
export async function compare(
  field: Contestant[],
  scenarios: Scenario[],
  plan: Plan,
  stores: Stores,
  { starts: withStarts = false, report = () => undefined }: Options = {},
): Promise<Report> {
  const { able, missing } = examine(field);
  const starts = withStarts ? await measureStarts(stores) : undefined;
  const outcomes = await withSubjects(able, stores, (subjects) =>
    runRounds(subjects, scenarios, plan, report),
  );
  return reportOf(outcomes, plan, { starts, missing });
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
