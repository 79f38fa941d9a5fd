import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { publish } from '../test/support/publish';
import { runScript } from '../test/support/run-script';
import { chartOf } from './chart';
import { compare, examine, withSubjects } from './compare';
import type { Contestant } from './contestants/contestant';
import { FIELD, isPeer } from './contestants/field';
import { tandemOf } from './contestants/other-checkout';
import { planted, tandem, untold } from './contestants/tandem';
import { measureLatency } from './latency';
import { type Report, textOf } from './report';
import { SCENARIOS } from './scenarios';
import { soak } from './soak';
import { Stores } from './stores';
import { measureWorkers } from './workers';

const HELP = `npm run bench -- [options]
  --against <dir>         a built checkout: whether this Tandem costs less or more CPU than that one
  --plant <us>            whether a loss of so many microseconds a request is found
  --untold                what it costs that the audit and the outbox are told of a login
  --starts <n>            how often all servers start anew (2)
  --pairs <n>             runs of each scenario in a start, by turns with the other server (12)
  --seconds <n>           how long a run takes, about (0.5)
  --connections <n>       callers, each of whom waits for the answer (32)
  --only <names>          of ${listOf(SCENARIOS)}
  --contestants <names>   of ${listOf(FIELD)}; the first one is compared with each of the others
  --latency               how long answers take at half of the highest rate, and the memory
  --workers               one worker and two, each with a share of a core of its own (Linux, as root)
  --soak <n>              so many requests of all kinds, and the memory after each 100000
  --json <file>           writes the figures of the table there
  --write                 puts the table into docs/speed.md and draws the chart of the README`;

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    plant: { type: 'string' },
    untold: { type: 'boolean' },
    starts: { type: 'string', default: '2' },
    pairs: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '0.5' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string' },
    contestants: { type: 'string' },
    latency: { type: 'boolean' },
    workers: { type: 'boolean' },
    soak: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const plan = {
  starts: Number(values.starts),
  pairs: Number(values.pairs),
  warmUps: 6,
  seconds: Number(values.seconds),
  connections: Number(values.connections),
};
/** Answers that take long are rare: to see them takes longer runs. */
const LATENCY = { rounds: 3, seconds: 5, connections: plan.connections };

/** Tandem beside the limit and its peers, or beside another Tandem. Fails when any answer was wrong. */
async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const stores = await Stores.start();
  try {
    if (values.soak) await runSoak(stores, Number(values.soak));
    else if (values.workers) await runWorkers(stores);
    else if (values.latency) await runLatency(stores);
    else await runComparison(stores);
  } finally {
    await stores.remove();
  }
}

async function runComparison(stores: Stores): Promise<void> {
  const field = fieldOf(values);
  const isWhole = field === FIELD && !values.only;
  if (values.write && !isWhole) throw new Error('--write wants the whole table');
  const options = { withStartTimes: isWhole, isPeer, report: console.log };
  const only = values.only ?? (values.untold ? 'login,first login' : undefined);
  const report = await compare(field, named(SCENARIOS, only), plan, stores, options);
  console.log(`\n${textOf(report)}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  if (values.write) await publishAll(report);
}

function fieldOf({ against, plant, untold: isUntold, contestants }: typeof values): Contestant[] {
  if (against !== undefined) return [tandemOf(against), tandem];
  if (plant !== undefined) return [{ ...tandem, name: 'base' }, planted(plant)];
  if (isUntold) return [untold, tandem];
  return named(FIELD, contestants);
}

async function publishAll(report: Report): Promise<void> {
  writeFileSync(resolve(__dirname, '../docs/speed.svg'), chartOf(report));
  await publish('speed.md', 'bench', textOf(report));
}

async function runLatency(stores: Stores): Promise<void> {
  const { able } = examine(named(FIELD, values.contestants ?? 'tandem,limit'));
  const scenarios = named(SCENARIOS, values.only ?? 'guarded,login');
  const text = await withSubjects(able, stores, (subjects) =>
    measureLatency(subjects, scenarios, LATENCY),
  );
  console.log(text);
}

async function runWorkers(stores: Stores): Promise<void> {
  console.log(await measureWorkers(stores, named(SCENARIOS, values.only), plan));
}

async function runSoak(stores: Stores, total: number): Promise<void> {
  const { able } = examine(named(FIELD, values.contestants ?? 'tandem'));
  await withSubjects(able, stores, async (subjects) => {
    for (const subject of subjects) await soak(subject, total, plan.connections, console.log);
  });
}

interface Named {
  readonly name: string;
}

function listOf(all: Named[]): string {
  return all.map(({ name }) => name).join();
}

/** @throws Error for a name that nothing has. */
function named<T extends Named>(all: T[], names: string | undefined): T[] {
  if (names === undefined) return all;
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (!found) throw new Error(`Nothing is named ${name}, only ${listOf(all)}`);
    return found;
  });
}

runScript(main);
