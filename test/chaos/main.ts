import { parseArgs } from 'node:util';
import { runScript } from '../support/run-script';
import { type Figures, sumOf } from './figures';
import { FAULTS, runMatrix } from './matrix';
import { publishTable, tableOf } from './table';

const HELP = `npm run chaos -- [options]
  --for <minutes>   repeat the faults for so long; once unless given
  --seconds <n>     how long each fault lasts (5)
  --kills <n>       how many processes the fault that kills them kills (100)
  --only <text>     only the faults whose names contain it
  --write           put the table into docs/reliability.md`;

/** The fault matrix: each fault under load, and what callers saw. Fails when any answer was wrong. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      for: { type: 'string', default: '0' },
      seconds: { type: 'string', default: '5' },
      kills: { type: 'string', default: '100' },
      only: { type: 'string', default: '' },
      write: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.write && values.only) throw new Error('--write wants the whole matrix');
  const faults = FAULTS.filter(({ name }) => name.includes(values.only));
  if (faults.length === 0) throw new Error(`No fault is named like ${values.only}`);
  const measure = { milliseconds: Number(values.seconds) * 1000, kills: Number(values.kills) };
  const deadline = Date.now() + Number(values.for) * 60_000;
  const sums = new Map<string, Figures>();
  do {
    for await (const { name, figures } of runMatrix(faults, measure)) {
      const sum = sums.get(name);
      sums.set(name, sum ? sumOf(sum, figures) : figures);
      console.log(`${name}: ${figures.answered} answered, ${figures.wrong.length} wrong`);
      for (const wrong of new Set(figures.wrong)) console.error(`  ${wrong}`);
    }
  } while (Date.now() < deadline);
  const table = tableOf(sums);
  console.log(`\n${table}`);
  if (values.write) await publishTable(table, measure);
  if ([...sums.values()].some(({ wrong }) => wrong.length > 0)) process.exitCode = 1;
}

runScript(main);
