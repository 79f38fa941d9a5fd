import { drive, type Sample, WrongAnswers } from './load';
import type { Scenario } from './scenarios';
import type { Subject } from './subject';

export interface RunPlan {
  /** How long a run takes, by the rate of the one before. */
  seconds: number;
  connections: number;
}

/** Requests on each connection at least. */
const LEAST = 20;

/** One scenario of one contestant, as often as it is asked for. */
export class Runs {
  private rate = 0;

  constructor(
    readonly subject: Subject,
    private readonly scenario: Scenario,
    private readonly plan: RunPlan,
  ) {}

  /** The first run is of a few requests, and tells how many the next one takes. Undefined where there is no such thing. */
  async next(): Promise<Sample | undefined> {
    const sample = await runOnce(this.subject, this.scenario, this.plan, this.rate);
    this.rate = sample?.requestsPerSecond ?? 0;
    return sample;
  }
}

/**
 * One run, at an expected rate or of a few requests. Undefined where the contestant has no such thing.
 *
 * @throws WrongAnswers also when a server has not done the work that its answers tell of.
 */
export async function runOnce(
  subject: Subject,
  { name, opens, prepare }: Scenario,
  { connections, seconds }: RunPlan,
  rate = 0,
): Promise<Sample | undefined> {
  const each = Math.max(LEAST, Math.round((rate * seconds) / connections));
  const amount = each * connections;
  const exchanges = await prepare(subject, amount);
  if (!exchanges) return undefined;
  const before = await subject.countSessions();
  const sample = await drive(subject, exchanges, { amount, connections });
  const opened = (await subject.countSessions()) - before;
  if (opened === amount * opens) return sample;
  throw new WrongAnswers(subject.name, [`${amount} of ${name} put ${opened} sessions on disk`]);
}
