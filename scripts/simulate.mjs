/** `npm run simulate`: runs every attack of docs/abuse.md at its scale, and prints what each came to. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SPECS = [
  'codes/attacks',
  'codes/guess-day',
  'codes/money',
  'codes/owners',
  'codes/pumping',
  'sms/failure-causes',
  'sms/throttled-account',
  'sessions/rotation-client',
  'users/password-flood',
];

const SIMULATION_REPORT = join(mkdtempSync(join(tmpdir(), 'tandem-simulation-')), 'outcomes');
const { status } = spawnSync('npx', ['jest', ...SPECS], {
  stdio: 'inherit',
  env: { ...process.env, SIMULATE: 'full', SIMULATION_REPORT },
});
const lines = existsSync(SIMULATION_REPORT)
  ? readFileSync(SIMULATION_REPORT, 'utf8').trim().split('\n')
  : [];
const outcomes = lines.map((line) => JSON.parse(line));
outcomes.sort((one, other) => one.row.localeCompare(other.row, 'en', { numeric: true }));
print(['row', 'attack', 'honest', 'messages', 'spend', 'gain'], outcomes);
process.exitCode = status ?? 1;

function print(columns, rows) {
  const cells = [Object.fromEntries(columns.map((name) => [name, name])), ...rows];
  const widths = columns.map((name) => Math.max(...cells.map((row) => String(row[name]).length)));
  for (const row of cells) {
    console.log(
      columns
        .map((name, index) => String(row[name]).padEnd(widths[index]))
        .join('  ')
        .trimEnd(),
    );
  }
}
