import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { publish } from '../test/support/publish';
import { compare, examine, withSubjects } from './compare';
import { FIELD } from './contestants/field';
import { measureLatency } from './latency';
import { textOf } from './report';
import { SCENARIOS } from './scenarios';
import { soak } from './soak';
import { Stores } from './stores';
import { measureWorkers } from './workers';

const HELP = `npm run bench -- [options]
  --rounds <n>            runs of each scenario, of which the median counts (3)
  --seconds <n>           how long a run takes, about (5)
  --connections <n>       callers, each of whom waits for the answer (32)
  --only <names>          of ${listOf(SCENARIOS)}
  --contestants <names>   of ${listOf(FIELD)}
  --latency               how long answers take at half of the highest rate, and the memory
  --workers               one worker and two, each with a share of a core of its own (Linux, as root)
  --soak <n>              so many requests of all kinds, and the memory after each 100000
  --json <file>           writes the figures of the table there
  --write                 puts the table into docs/speed.md`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
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
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  connections: Number(values.connections),
};

/** Tandem beside the limit and its peers. Fails when any answer was wrong. */
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
  const isWhole = !values.only && !values.contestants;
  if (values.write && !isWhole) throw new Error('--write wants the whole table');
  const field = named(FIELD, values.contestants);
  const options = { starts: isWhole, report: console.log };
  const report = await compare(field, named(SCENARIOS, values.only), plan, stores, options);
  console.log(`\n${textOf(report)}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  if (values.write) await publish('speed.md', 'bench', textOf(report));
}

async function runLatency(stores: Stores): Promise<void> {
  const { able } = examine(named(FIELD, values.contestants ?? 'tandem,limit'));
  const scenarios = named(SCENARIOS, values.only ?? 'guarded,login');
  const text = await withSubjects(able, stores, (subjects) =>
    measureLatency(subjects, scenarios, plan),
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

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
