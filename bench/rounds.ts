import { drive, type Sample } from './load';
import type { Scenario } from './scenarios';
import type { Subject } from './subject';

export interface Plan {
  rounds: number;
  /** How long a run takes, by the rate of the one before. */
  seconds: number;
  connections: number;
}

export interface Outcome {
  readonly scenario: string;
  readonly contestant: string;
  readonly samples: Sample[];
}

/** Requests on each connection before the first round: for the compilers, and for the size of that round. */
const WARM_UP = 20;

/**
 * All scenarios for all contestants in turns, so that whatever slows the machine for a while meets all of them.
 *
 * @throws WrongAnswers
 */
export async function runRounds(
  subjects: Subject[],
  scenarios: Scenario[],
  plan: Plan,
  report: (line: string) => void = () => undefined,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    const entered = subjects.map((subject) => ({ subject, samples: [] as Sample[] }));
    const rates = new Map<Subject, number>();
    for (const subject of subjects) {
      const warmUp = await runOnce(subject, scenario, WARM_UP * plan.connections, plan);
      if (warmUp) rates.set(subject, warmUp.requestsPerSecond);
    }
    for (let round = 0; round < plan.rounds; round++) {
      for (const { subject, samples } of entered) {
        const rate = rates.get(subject);
        if (rate === undefined) continue;
        const sample = (await runOnce(subject, scenario, rate * plan.seconds, plan))!;
        rates.set(subject, sample.requestsPerSecond);
        samples.push(sample);
        report(`${scenario.name}, ${subject.name}: ${sample.requestsPerSecond.toFixed(0)} req/s`);
      }
    }
    for (const { subject, samples } of entered) {
      const outcome = { scenario: scenario.name, contestant: subject.name, samples };
      outcomes.push(outcome);
    }
  }
  return outcomes;
}

/** Undefined where the contestant has no such thing. */
async function runOnce(
  subject: Subject,
  scenario: Scenario,
  wanted: number,
  { connections }: Plan,
): Promise<Sample | undefined> {
  const amount = Math.max(1, Math.round(wanted / connections)) * connections;
  const exchanges = await scenario.prepare(subject, amount);
  if (!exchanges) return undefined;
  const before = await subject.countSessions();
  const sample = await drive(subject, exchanges, { amount, connections });
  const opened = (await subject.countSessions()) - before;
  if (opened !== amount * scenario.opens) {
    throw new Error(`${subject.name} answered ${amount} of ${scenario.name}, and opened ${opened}`);
  }
  return sample;
}
