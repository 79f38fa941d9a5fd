import { markdownTable } from '../test/support/markdown';
import { until } from '../test/support/until';
import { withSubjects } from './compare';
import { tandemWith } from './contestants/tandem';
import { CpuShare } from './cpu-share';
import { type Plan, runPairs } from './pairs';
import type { Scenario } from './scenarios';
import { median } from './statistics';
import type { Stores } from './stores';
import type { Subject } from './subject';
import { processesOf } from './usage';

/** Of a core, for each worker: leaves enough for the stores and the sender also on two cores. */
const SHARE = 0.2;

/**
 * Requests a second of one worker and of two, which have the same share of a core each, as on a machine that has
 * a core for each of them: what they do not share cannot hold them up.
 */
export async function measureWorkers(
  stores: Stores,
  scenarios: Scenario[],
  plan: Plan,
): Promise<string> {
  const shares: CpuShare[] = [];
  const field = [1, 2].map((count) => tandemWith(`${count} workers`, { WORKERS: String(count) }));
  const outcomes = await withSubjects(field, stores, async (subjects) => {
    // With all they can get, until they are compiled.
    await runPairs(subjects, scenarios, { ...plan, pairs: 0 });
    for (const pid of subjects.flatMap(serversOf)) shares.push(CpuShare.limit(pid, SHARE));
    return runPairs(subjects, scenarios, plan);
  });
  // Workers end some time after their first process.
  await until(() => shares.every((share) => share.remove()));
  const lines = scenarios.map(({ name }) => {
    const [one, two] = outcomes
      .filter(({ scenario }) => scenario === name)
      .map(({ samples }) => median(samples.map(({ requestsPerSecond }) => requestsPerSecond)));
    return [name, one!.toFixed(0), two!.toFixed(0), (two! / one!).toFixed(2)];
  });
  return markdownTable(['req/s with', 'one worker', 'two workers', 'ratio'], lines);
}

/** A process alone serves by itself, and the first of several through its children. */
function serversOf({ pid }: Subject): number[] {
  const [, ...children] = processesOf(pid);
  return children.length === 0 ? [pid] : children;
}
