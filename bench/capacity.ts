import { parseArgs } from 'node:util';
import { markdownTable } from '../test/support/markdown';
import { publish } from '../test/support/publish';
import { ASSUMPTIONS, type Assumptions } from './capacity/assumptions';
import { type Demand, demandOf } from './capacity/demand';
import { KINDS } from './capacity/rates';
import { simulate } from './capacity/simulation';

/** What monthly users need: `npm run capacity`, or with other assumptions `-- --users 5000000 --visitsPerDay 4`. */
const names = Object.keys(ASSUMPTIONS) as (keyof Assumptions)[];
const options: Record<string, { type: 'string' | 'boolean' }> = {
  ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  simulate: { type: 'boolean' },
  write: { type: 'boolean' },
};
const { values } = parseArgs({ options });

const SIZES = [1e5, 1e6, 1e7, 1e8, 1e9];
const SAMPLE = { devices: 20_000, days: 28, seed: 1 };

async function main(): Promise<void> {
  const given = names.flatMap((name) =>
    values[name] === undefined ? [] : [[name, numberOf(name)]],
  );
  const assumptions: Assumptions = { ...ASSUMPTIONS, ...Object.fromEntries(given) };
  const sizes = values.users === undefined ? SIZES : [assumptions.users];
  const demands = sizes.map((users) => demandOf({ ...assumptions, users }));
  const text = table(sizes, demands);
  console.log(text);
  if (values.simulate) console.log(`\n${comparison(assumptions)}`);
  if (values.write) await publish('capacity.md', 'capacity', text);
}

/** @throws Error when an assumption is not a number. */
function numberOf(name: keyof Assumptions): number {
  const value = Number(values[name]);
  if (!(value >= 0)) throw new Error(`--${name} must be a number`);
  return value;
}

function table(sizes: number[], demands: Demand[]): string {
  const rows: [string, (demand: Demand) => number, string?][] = [
    ['requests/s', ({ requests }) => requests],
    ['guarded/s', ({ rates }) => rates.peak.guarded],
    ['refreshes/s', ({ rates }) => rates.peak.refreshes],
    ['logins/s, first ones too', ({ rates }) => rates.peak.logins + rates.peak.firstLogins],
    ['codes/s', ({ rates }) => rates.peak.codes],
    ['nodes of one core', ({ nodes }) => nodes],
    ['… of a core spent on the poll', ({ pollShare }) => pollShare * 100, ' %'],
    ['SQL statements/s', ({ statements }) => statements],
    ['SQL commits/s', ({ commits }) => commits],
    ['SQL rows written/s', ({ rowsWritten }) => rowsWritten],
    ['… of them last uses', ({ lastUses }) => lastUses],
    ['SQL rows polled/s', ({ polledRows }) => polledRows],
    ['SQL connections', ({ connections }) => connections],
    ['sessions alive', ({ rates }) => rates.liveSessions],
    ['sessions on record', ({ sessionRows }) => sessionRows],
    ['SQL on disk', ({ sqlBytes }) => sqlBytes, 'B'],
    ['Redis commands/s', ({ redisCommands }) => redisCommands],
    ['Redis memory', ({ redisBytes }) => redisBytes, 'B'],
    ['revocations held by each node', ({ revocations }) => revocations],
    ['… their memory', ({ revocationBytes }) => revocationBytes, 'B'],
    ['messages a month', ({ messagesPerMonth }) => messagesPerMonth],
    ['… in dollars', ({ dollarsPerMonth }) => dollarsPerMonth],
  ];
  const lines = rows.map(([name, valueOf, unit = '']) => [
    name,
    ...demands.map((demand) => shown(valueOf(demand)) + unit),
  ]);
  return markdownTable(['monthly users', ...sizes.map(shown)], lines);
}

/** Two digits: no more is known. */
function shown(value: number): string {
  if (value === Infinity) return 'none do';
  const steps: [number, string][] = [
    [1e12, ' T'],
    [1e9, ' G'],
    [1e6, ' M'],
    [1e3, ' k'],
  ];
  const [size, suffix] = steps.find(([least]) => value >= least * 0.995) ?? [1, ''];
  return `${Number((value / size).toPrecision(2))}${suffix}`;
}

/** The formula beside a simulation of the same population. */
function comparison(assumptions: Assumptions): string {
  const { rates: formula, nodes } = demandOf(assumptions);
  const simulated = simulate(assumptions, nodes, SAMPLE);
  const lines = KINDS.map((kind) => [
    kind,
    ...[formula.mean, simulated.mean, formula.peak, simulated.peak].map((rates) =>
      rates[kind].toPrecision(4),
    ),
  ]);
  return markdownTable(['a second', 'mean', 'simulated', 'peak', 'simulated'], lines);
}

void main();
