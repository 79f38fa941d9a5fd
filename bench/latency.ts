import { markdownTable } from '../test/support/markdown';
import { type Latency, pace } from './pace';
import { runOnce, type RunPlan } from './run';
import type { Scenario } from './scenarios';
import { median } from './statistics';
import type { Subject } from './subject';
import { residentMemory } from './usage';

const MEASURES = ['p50', 'p99', 'p99OnceSeen', 'p99Lateness'] as const;
const HEAD = ['', 'server', 'at req/s', 'p50 ms', 'p99 ms', 'p99 once sent', 'sender late p99'];

export interface LatencyPlan extends RunPlan {
  rounds: number;
}

/** How long answers take at half of what the first of the servers can do, and the memory that each takes before and after. */
export async function measureLatency(
  subjects: Subject[],
  scenarios: Scenario[],
  plan: LatencyPlan,
): Promise<string> {
  const memoryBefore = subjects.map(memoryOf);
  const lines: string[][] = [];
  for (const scenario of scenarios) lines.push(...(await linesOf(subjects, scenario, plan)));
  const memory = subjects.map(
    (subject, index) =>
      `${subject.name}: ${memoryBefore[index]} MiB in RAM at rest, ${memoryOf(subject)} MiB at the end.`,
  );
  return [markdownTable(HEAD, lines), ...memory].join('\n\n');
}

/** Rounds in turns, so that whatever slows the machine for a while meets all servers. The median of the rounds counts. */
async function linesOf(
  subjects: Subject[],
  scenario: Scenario,
  plan: LatencyPlan,
): Promise<string[][]> {
  const rates = await ratesOf(subjects, scenario, plan);
  const rounds = new Map<Subject, Latency[]>();
  for (let round = 0; round < plan.rounds; round++) {
    for (const [subject, rate] of rates) {
      const latency = await measure(subject, scenario, plan.seconds, rate);
      rounds.set(subject, [...(rounds.get(subject) ?? []), latency]);
    }
  }
  return [...rounds].map(([subject, latencies]) => {
    const medians = MEASURES.map((one) => median(latencies.map((latency) => latency[one])));
    const shown = medians.map((value) => value.toFixed(1));
    return [scenario.name, subject.name, rates.get(subject)!.toFixed(0), ...shown];
  });
}

/** Half of the highest rate of the first, which the others get too, or half of their own when that is less. */
async function ratesOf(
  subjects: Subject[],
  scenario: Scenario,
  plan: LatencyPlan,
): Promise<Map<Subject, number>> {
  const rates = new Map<Subject, number>();
  for (const subject of subjects) {
    const warmUp = await runOnce(subject, scenario, plan);
    if (!warmUp) continue;
    const full = await runOnce(subject, scenario, plan, warmUp.requestsPerSecond);
    const [first = Infinity] = rates.values();
    rates.set(subject, Math.min(full!.requestsPerSecond / 2, first));
  }
  return rates;
}

async function measure(
  subject: Subject,
  scenario: Scenario,
  seconds: number,
  requestsPerSecond: number,
): Promise<Latency> {
  const amount = Math.ceil(requestsPerSecond * seconds);
  const exchanges = (await scenario.prepare(subject, amount))!;
  return pace(subject, exchanges, { amount, requestsPerSecond });
}

const memoryOf = ({ pid }: Subject) => residentMemory(pid)?.toFixed(0) ?? '–';
