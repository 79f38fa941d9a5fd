import { parseArgs } from 'node:util';
import { createPool, type Pool } from 'mysql2/promise';
import { markdownTable } from '../test/support/markdown';
import { publish } from '../test/support/publish';
import { runScript } from '../test/support/run-script';
import type { Contestant } from './contestants/contestant';
import { tandemOn } from './contestants/tandem';
import { type Compared, compare } from './growth/comparison';
import { Population, type Size } from './growth/population';
import { rowBytes } from './growth/row-bytes';
import type { Plan } from './pairs';
import { Stores } from './stores';

const HELP = `npm run growth -- [options]
  --users <n>        of the large database (1000000)
  --sessions <n>     of the large database (5000000)
  --revocations <n>  sessions that ended within the last two hours (1000000)
  --buffer <size>    the buffer pool of MariaDB (1G)
  --pairs <n>        runs of each, of whose ratios the median counts (20)
  --seconds <n>      how long a run takes, about (1)
  --write            puts the tables into docs/capacity.md`;

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    sessions: { type: 'string', default: '5000000' },
    revocations: { type: 'string', default: '1000000' },
    buffer: { type: 'string', default: '1G' },
    pairs: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '1' },
    write: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

type Pair<T> = [T, T];

const SMALL: Size = { users: 1000, sessions: 5000 };
const LEAST_RATIO = 0.9;
/** Of a guarded request, with all revocations in memory. */
const LEAST_GUARDED_RATIO = 0.95;
const MOST_MEMORY = 80;
const CONNECTIONS = 32;

/** What grows with the number of users and sessions, and what does not. Fails when anything grows that should not. */
async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const stores = await Stores.start([`--innodb-buffer-pool-size=${values.buffer}`]);
  try {
    const text = `${await growTables(stores)}\n\n${await growList(stores)}`;
    console.log(`\n${text}`);
    if (values.write) await publish('capacity.md', 'growth', text);
  } finally {
    await stores.remove();
  }
}

async function growTables(stores: Stores): Promise<string> {
  const large = { users: Number(values.users), sessions: Number(values.sessions) };
  let bytes: Record<string, number> = {};
  const on = (size: Size) =>
    filled(nameOf(size), size, async (population, sql) => {
      await population.load();
      bytes = await rowBytes(sql, size);
    });
  const contestants: Pair<Contestant> = [on(SMALL), on(large)];
  const compared = await compare(stores, contestants, ['guarded', 'refresh', 'login'], planned());
  judge(compared, LEAST_RATIO);
  const perRow = Object.entries(bytes).map(([table, count]) => `${table} ${count}`);
  return [
    tableOf(compared, contestants),
    `Bytes a row on disk, with its part of the indexes: ${perRow.join(', ')}.`,
  ].join('\n\n');
}

async function growList(stores: Stores): Promise<string> {
  const count = Number(values.revocations);
  const contestants: Pair<Contestant> = [
    filled('no revocations', SMALL, async () => undefined),
    filled(`${grouped(count)} revocations`, SMALL, (population) => population.endLately(count)),
  ];
  const compared = await compare(stores, contestants, ['guarded'], planned());
  judge(compared, LEAST_GUARDED_RATIO, MOST_MEMORY);
  const memory = compared.memory.toFixed(0);
  return `${tableOf(compared, contestants)}\n\nThey keep ${memory} MiB of memory.`;
}

/** Tandem on a database that is filled before it starts. */
function filled(
  name: string,
  size: Size,
  fill: (population: Population, sql: Pool) => Promise<void>,
): Contestant {
  return tandemOn(name, async ({ DATABASE_URL }) => {
    const sql = createPool({ uri: DATABASE_URL, connectionLimit: 1 });
    await fill(new Population(sql, size), sql);
    await sql.end();
  });
}

function planned(): Plan {
  const [pairs, seconds] = [Number(values.pairs), Number(values.seconds)];
  return { pairs, warmUps: 4, seconds, connections: CONNECTIONS };
}

function judge({ comparisons, memory }: Compared, leastRatio: number, mostMemory = Infinity) {
  const isSlower = comparisons.some(({ ratio }) => ratio < leastRatio);
  if (isSlower || memory > mostMemory) process.exitCode = 1;
}

function tableOf({ comparisons }: Compared, contestants: Pair<Contestant>): string {
  const lines = comparisons.map(({ scenario, small, large, ratio }) => [
    scenario,
    small.toFixed(0),
    large.toFixed(0),
    ratio.toFixed(2),
  ]);
  const names = contestants.map(({ name }) => name);
  return markdownTable(['req/s with', ...names, 'ratio'], lines);
}

const grouped = (count: number) => count.toLocaleString('en').replaceAll(',', ' ');
const nameOf = ({ users, sessions }: Size) =>
  `${grouped(users)} users, ${grouped(sessions)} sessions`;

runScript(main);
