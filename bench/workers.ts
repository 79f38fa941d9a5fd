import { readFileSync } from 'node:fs';
import { markdownTable } from '../test/support/markdown';
import { until } from '../test/support/until';
import { withSubjects } from './compare';
import { tandemWith } from './contestants/tandem';
import { CpuShare } from './cpu-share';
import { median } from './rank-tests';
import { type Plan, runRounds } from './rounds';
import type { Scenario } from './scenarios';
import type { Stores } from './stores';
import type { Subject } from './subject';

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
    await runRounds(subjects, scenarios, { ...plan, rounds: 0 }, () => undefined);
    for (const pid of subjects.flatMap(serversOf)) shares.push(CpuShare.limit(pid, SHARE));
    return runRounds(subjects, scenarios, plan, console.log);
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
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [pid] : children.split(' ').map(Number);
}
