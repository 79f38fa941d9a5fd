import { markdownTable } from '../test/support/markdown';
import { pace } from './pace';
import { type Plan, runOnce } from './rounds';
import type { Scenario } from './scenarios';
import type { Subject } from './subject';
import { residentMemory } from './usage';

/** Requests a second that the sender sends evenly: beyond it measures itself. */
const SENDER = 2500;

const HEAD = ['', 'server', 'at req/s', 'p50 ms', 'p99 ms'];

/** How long answers take at half of what a server can do, or at what the sender can, and the memory that it takes before and after. */
export async function measureLatency(
  subjects: Subject[],
  scenarios: Scenario[],
  plan: Plan,
): Promise<string> {
  const memoryBefore = subjects.map(memoryOf);
  const lines: string[][] = [];
  for (const scenario of scenarios) {
    for (const subject of subjects) {
      const line = await lineOf(subject, scenario, plan);
      if (line) lines.push(line);
    }
  }
  const memory = subjects.map(
    (subject, index) =>
      `${subject.name}: ${memoryBefore[index]} MiB in RAM at rest, ${memoryOf(subject)} MiB at the end.`,
  );
  return [markdownTable(HEAD, lines), ...memory].join('\n\n');
}

async function lineOf(
  subject: Subject,
  scenario: Scenario,
  plan: Plan,
): Promise<string[] | undefined> {
  const warmUp = await runOnce(subject, scenario, plan);
  if (!warmUp) return undefined;
  const full = await runOnce(subject, scenario, plan, warmUp.requestsPerSecond);
  const rate = Math.min(full!.requestsPerSecond / 2, SENDER);
  const amount = Math.ceil(rate * plan.seconds);
  const exchanges = (await scenario.prepare(subject, amount))!;
  const inTurn = Array.from({ length: amount }, (_, index) => exchanges[index % exchanges.length]!);
  const { p50, p99 } = await pace(subject, inTurn, rate);
  return [scenario.name, subject.name, rate.toFixed(0), p50.toFixed(1), p99.toFixed(1)];
}

const memoryOf = ({ pid }: Subject) => residentMemory(pid)?.toFixed(0) ?? '–';
