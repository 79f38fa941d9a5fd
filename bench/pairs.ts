import type { Sample } from './load';
import { type RunPlan, Runs } from './run';
import type { Scenario } from './scenarios';
import type { Subject } from './subject';

export interface Plan extends RunPlan {
  /** Runs of each scenario, in which the first contestant and each other one follow each other. */
  pairs: number;
  /** Runs before them: a server is at its full speed after some ten thousand requests. */
  warmUps: number;
}

/** Two runs that followed each other: of the first contestant, and of this one. */
export type Pair = readonly [first: Sample, own: Sample];

/** What one contestant did in one scenario while its server ran. */
export interface Outcome {
  readonly scenario: string;
  readonly contestant: string;
  readonly samples: Sample[];
  /** None of the first contestant. */
  readonly pairs: Pair[];
}

/** Which pairs the contestants take part in that are only there to be compared with. */
const PEERS_EVERY = 4;

/**
 * Runs of the first contestant and one of the others by turns. They are short, so that both meet the same machine, whose
 * speed changes by half within minutes: what is compared is the two runs of a pair.
 *
 * @param isPeer tells whom an idea of the difference is enough for.
 * @throws WrongAnswers
 */
export async function runPairs(
  subjects: Subject[],
  scenarios: Scenario[],
  plan: Plan,
  isPeer: (name: string) => boolean = () => false,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const scenario of scenarios) {
    const runs = subjects.map((subject) => new Runs(subject, scenario, plan));
    const able = await warmedUp(runs, plan.warmUps);
    const [first, ...others] = able.map((run) => new Side(run, scenario));
    if (!first) continue;
    for (let round = 0; round < plan.pairs; round++) {
      const due = others.filter(({ name }) => round % PEERS_EVERY === 0 || !isPeer(name));
      for (const other of due) await playPair(first, other);
      if (due.length === 0) await first.run();
    }
    outcomes.push(...[first, ...others].map(({ outcome }) => outcome));
  }
  return outcomes;
}

/** Those that have such a thing. */
async function warmedUp(all: Runs[], count: number): Promise<Runs[]> {
  const able: Runs[] = [];
  for (const runs of all) {
    if (!(await runs.next())) continue;
    for (let more = 1; more < count; more++) await runs.next();
    able.push(runs);
  }
  return able;
}

/** Each goes first by turns: the second one finds caches and stores as the first has left them. */
async function playPair(first: Side, other: Side): Promise<void> {
  if (other.outcome.pairs.length % 2 === 0) {
    const sample = await first.run();
    other.pair(sample, await other.run());
  } else {
    const sample = await other.run();
    other.pair(await first.run(), sample);
  }
}

class Side {
  readonly outcome: Outcome;

  constructor(
    private readonly runs: Runs,
    { name: scenario }: Scenario,
  ) {
    this.outcome = { scenario, contestant: this.name, samples: [], pairs: [] };
  }

  get name(): string {
    return this.runs.subject.name;
  }

  async run(): Promise<Sample> {
    const sample = (await this.runs.next())!;
    this.outcome.samples.push(sample);
    return sample;
  }

  pair(first: Sample, own: Sample): void {
    this.outcome.pairs.push([first, own]);
  }
}
