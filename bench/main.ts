import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { publish } from '../test/support/markdown';
import type { Contestant } from './contestants/contestant';
import { FIELD } from './contestants/field';
import { type Report, reportOf, textOf } from './report';
import { runRounds } from './rounds';
import { SCENARIOS } from './scenarios';
import { measureStarts } from './start-time';
import { Stores } from './stores';
import { Subject } from './subject';

const HELP = `npm run bench -- [options]
  --rounds <n>            runs of each scenario, of which the median counts (3)
  --seconds <n>           how long a run takes, about (5)
  --connections <n>       callers, each of whom waits for the answer (32)
  --only <names>          of scenarios: ${SCENARIOS.map(({ name }) => name).join(',')}
  --contestants <names>   ${FIELD.map(({ name }) => name).join(',')}
  --json <file>           writes the figures there
  --write                 puts the table into docs/speed.md`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string' },
    contestants: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

/** Tandem beside the limit and its peers, in turns. Fails when any answer was wrong. */
async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const stores = await Stores.start();
  try {
    const report = await measure(stores);
    console.log(`\n${textOf(report)}`);
    if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
    if (values.write) await publish('speed.md', 'bench', textOf(report));
  } finally {
    await stores.remove();
  }
}

async function measure(stores: Stores): Promise<Report> {
  const [rounds, seconds, connections] = [values.rounds, values.seconds, values.connections].map(
    Number,
  );
  const plan = { rounds: rounds!, seconds: seconds!, connections: connections! };
  const field = named(FIELD, values.contestants);
  const scenarios = named(SCENARIOS, values.only);
  const isWhole = !values.only && !values.contestants;
  const starts = isWhole ? await measureStarts(stores) : undefined;
  const hindrances = field.map((contestant) => [contestant, contestant.hindrance?.()] as const);
  const able = hindrances.flatMap(([contestant, why]) => (why ? [] : [contestant]));
  const missing = hindrances.flatMap(([{ name }, why]) => (why ? [`${name}: ${why}`] : []));
  const subjects = await startAll(able, stores);
  const outcomes = await runRounds(subjects, scenarios, plan, console.log);
  await Promise.all(subjects.map((subject) => subject.stop()));
  return reportOf(outcomes, plan, { starts, missing });
}

/** @throws Error for a name that nothing has. */
function named<T extends { name: string }>(all: T[], names: string | undefined): T[] {
  if (names === undefined) return all;
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (!found)
      throw new Error(`Nothing is named ${name}, only ${all.map((one) => one.name).join()}`);
    return found;
  });
}

async function startAll(field: Contestant[], stores: Stores): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const contestant of field) subjects.push(await Subject.start(contestant, stores));
  return subjects;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
