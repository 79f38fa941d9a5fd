import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createPool, type Pool } from 'mysql2/promise';
import { runCli } from '../test/support/cli';
import { markdownTable } from '../test/support/markdown';
import { publish } from '../test/support/publish';
import { ServerProcess } from '../test/support/server-process';
import { smsEnv } from '../test/support/sms-env';
import { SmsInbox } from '../test/support/sms-inbox';
import { AuditRows } from './growth/audit-rows';
import { Population } from './growth/population';
import { Stores } from './stores';

const HELP = `npm run operators -- [options]
  --users <n>    in the database (1000000)
  --audit <n>    rows of the audit (10000000)
  --buffer <s>   the buffer pool of MariaDB (1G)
  --calls <n>    of each kind (60)
  --write        puts the table into docs/admin.md`;

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    audit: { type: 'string', default: '10000000' },
    buffer: { type: 'string', default: '1G' },
    calls: { type: 'string', default: '60' },
    write: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});

const MOST_MS = 50;
/** Calls of each kind before those that count. */
const WARM_UP = 40;
const MOBILE = '+8613900000000';
const PASSWORD = 'seven wet stones in a row';

interface Call {
  readonly name: string;
  /** @param n of a user, from 1 on. */
  readonly make: (server: ServerProcess, token: string, n: number) => Promise<{ status: number }>;
}

/** How long operators wait for what they look up, when there are many users and much was audited. */
async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const users = Number(values.users);
  const settings = [
    '--innodb-flush-log-at-trx-commit=2',
    `--innodb-buffer-pool-size=${values.buffer}`,
  ];
  const stores = await Stores.start(settings);
  const inbox = await SmsInbox.open();
  try {
    const env = { ...(await stores.fresh()), ...smsEnv(inbox), LOG_LEVEL: 'info' };
    await runCli(['migrate'], env);
    const sql = createPool({ uri: env.DATABASE_URL, connectionLimit: 1 });
    const population = new Population(sql, { users, sessions: users });
    await population.load();
    const rows = new AuditRows(sql, population, Number(values.audit));
    await rows.load();
    const server = await ServerProcess.start(env);
    const token = await operatorOn(server, inbox, env);
    const table = await measure(server, token, sql, callsOn(population, rows));
    console.log(table);
    await server.stop();
    await sql.end();
    if (values.write) await publish('admin.md', 'operators', table);
  } finally {
    await inbox.close();
    await stores.remove();
  }
}

/** Someone with a role whose session has proved password and code. */
async function operatorOn(server: ServerProcess, inbox: SmsInbox, env: Record<string, string>) {
  const asked = await server.post('/auth/codes', { mobile: MOBILE });
  const first = { mobile: MOBILE, code: inbox.codeFor(MOBILE) };
  const { token } = (await server.post('/auth/tokens', first)).body;
  const credentials = { username: 'operator', password: PASSWORD };
  await server.put('/users/me/password', credentials, { token });
  await runCli(['users', 'grant', MOBILE, 'viewer', '--as', 'bench'], env);
  const { body } = await server.post('/auth/login', credentials);
  await delay(asked.body.resend_in * 1000);
  await server.post('/auth/codes', { mobile: MOBILE });
  const second = { code: inbox.codeFor(MOBILE) };
  const { status } = await server.post('/auth/step-up', second, { token: body.token });
  if (status !== 200) throw new Error(`No step-up: ${status}`);
  return String(body.token);
}

const search = (name: string, queryOf: (n: number) => string): Call => ({
  name: `search by ${name}`,
  make: (server, token, n) => server.post('/admin/search', { query: queryOf(n) }, { token }),
});

const audit = (name: string, queryOf: (n: number) => string): Call => ({
  name: `audit ${name}`,
  make: (server, token, n) => server.get(`/admin/audit${queryOf(n)}`, { token }),
});

const callsOn = (population: Population, rows: AuditRows): Call[] => [
  search('number', (n) => population.mobileOf(n)),
  search('id', (n) => population.idOf(n)),
  search('id of a request', (n) => rows.requestIdOf(n)),
  audit('of everything', () => ''),
  audit('of a user', (n) => `?user=${population.idOf(n)}`),
  audit('of an action', () => '?action=session.ended'),
  {
    name: 'diagnosis of a user',
    make: (server, token, n) =>
      server.post('/admin/diagnosis', { user: population.idOf(n) }, { token }),
  },
];

async function measure(server: ServerProcess, token: string, sql: Pool, calls: Call[]) {
  const count = Number(values.calls);
  const lines: string[][] = [];
  for (const { name, make } of calls) {
    const before = await scannedRows(sql);
    const times: number[] = [];
    for (let call = -WARM_UP; call < count; call++) {
      const startedAt = performance.now();
      const n = 1 + Math.floor(Math.random() * Number(values.users));
      const { status } = await make(server, token, n);
      if (status !== 200) throw new Error(`${name}: ${status}`);
      if (call >= 0) times.push(performance.now() - startedAt);
    }
    const scanned = ((await scannedRows(sql)) - before) / count;
    const [median, p95] = [0.5, 0.95].map(
      (part) => times.toSorted((a, b) => a - b)[Math.floor(count * part)]!,
    );
    if (p95! > MOST_MS) process.exitCode = 1;
    lines.push([name, median!.toFixed(1), p95!.toFixed(1), scanned.toFixed(0)]);
  }
  return markdownTable(['', 'median, ms', 'p95, ms', 'rows read by scans'], lines);
}

/** Rows that were read in the order of a table: also small tables, and what jobs in the background read. */
async function scannedRows(sql: Pool): Promise<number> {
  const [rows] = await sql.query("SHOW GLOBAL STATUS LIKE 'Handler_read_rnd_next'");
  return Number((rows as { Value: string }[])[0]!.Value);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
