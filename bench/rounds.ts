import { drive, type Sample, WrongAnswers } from './load';
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
  /** One a round; none where the contestant has no such thing. */
  readonly samples: Sample[];
}

/** Requests on each connection at least. */
const LEAST = 20;
/** Runs before the first round: a server is at its full speed after some ten thousand requests. */
const UNCOUNTED = 4;

/**
 * All scenarios for all contestants in turns, so that whatever slows the machine for a while meets all of them.
 *
 * @throws WrongAnswers
 */
export async function runRounds(
  subjects: Subject[],
  scenarios: Scenario[],
  plan: Plan,
  report: (line: string) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    const runs = subjects.map((subject) => new Runs(subject, scenario, plan));
    // The first of those before tells how many requests the next one takes, and the others the compilers what to do.
    for (let round = -UNCOUNTED; round < plan.rounds; round++) {
      for (const run of runs) await run.next();
    }
    for (const { outcome } of runs) {
      outcomes.push(outcome);
      report(`${scenario.name}, ${outcome.contestant}: ${ratesOf(outcome)} req/s`);
    }
  }
  return outcomes;
}

const ratesOf = ({ samples }: Outcome) =>
  samples.map(({ requestsPerSecond }) => requestsPerSecond.toFixed(0)).join(', ') || '–';

class Runs {
  private readonly samples: Sample[] = [];

  constructor(
    private readonly subject: Subject,
    private readonly scenario: Scenario,
    private readonly plan: Plan,
  ) {}

  get outcome(): Outcome {
    const samples = this.samples.slice(UNCOUNTED);
    return { scenario: this.scenario.name, contestant: this.subject.name, samples };
  }

  async next(): Promise<void> {
    const rate = this.samples.at(-1)?.requestsPerSecond;
    const sample = await runOnce(this.subject, this.scenario, this.plan, rate);
    if (sample) this.samples.push(sample);
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
  { connections, seconds }: Plan,
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
