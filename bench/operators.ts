import { parseArgs } from 'node:util';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { HOUR_MS, HOURLY, hourOf } from '../src/admin/hourly/hours';
import { runCli } from '../test/support/cli';
import { CONSOLE, type ConsoleOperator } from '../test/support/console';
import { markdownTable } from '../test/support/markdown';
import { publish } from '../test/support/publish';
import { runScript } from '../test/support/run-script';
import { ServerProcess } from '../test/support/server-process';
import { smsEnv } from '../test/support/sms-env';
import { SmsInbox } from '../test/support/sms-inbox';
import { until } from '../test/support/until';
import { AuditRows } from './growth/audit-rows';
import { BusyUsers } from './growth/busy-users';
import { DeliveryRows } from './growth/delivery-rows';
import { Population } from './growth/population';
import { callsOn } from './operators/calls';
import { operatorOn } from './operators/operator';
import { screenWaits } from './operators/screens';
import { type Waits, waitsFor } from './operators/waits';
import { Stores } from './stores';

const HELP = `npm run operators -- [options]
  --users <n>       in the database, each with a session (1000000)
  --audit <n>       rows of the audit (10000000)
  --messages <n>    that were sent (10000000)
  --buffer <s>      the buffer pool of MariaDB (1G)
  --calls <n>       of each kind (60)
  --console         also waits for the screens of the console, in Chromium
  --write <file>    puts the table into this document, below docs`;

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    audit: { type: 'string', default: '10000000' },
    messages: { type: 'string', default: '10000000' },
    buffer: { type: 'string', default: '1G' },
    calls: { type: 'string', default: '60' },
    console: { type: 'boolean' },
    write: { type: 'string' },
    help: { type: 'boolean' },
  },
});

const BUSY = 50;
/** Seconds until a server has counted what it finds when it starts. */
const PATIENCE = 600;
const LIMITS = `${CONSOLE.LIMITS},searches-per-operator=99999/1h`;

/** How long operators wait for what they look up, when there are many users and much was done. */
async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const stores = await Stores.start([
    '--innodb-flush-log-at-trx-commit=2',
    '--innodb-log-file-size=1G',
    '--innodb-sort-buffer-size=64M',
    `--innodb-buffer-pool-size=${values.buffer}`,
  ]);
  const inbox = await SmsInbox.open();
  try {
    const env = { ...(await stores.fresh()), ...smsEnv(inbox), ...CONSOLE, LIMITS };
    await runCli(['migrate'], env);
    const sql = createPool({ uri: env.DATABASE_URL, connectionLimit: 1 });
    const table = tableOf(await measure(sql, inbox, { ...env, LOG_LEVEL: 'info' }));
    console.log(table);
    await sql.end();
    if (values.write) await publish(values.write, 'operators', table);
  } finally {
    await inbox.close();
    await stores.remove();
  }
}

async function measure(sql: Pool, inbox: SmsInbox, env: Record<string, string>): Promise<Waits[]> {
  const users = Number(values.users);
  const population = new Population(sql, { users, sessions: users, hasUsernames: true });
  const rows = new AuditRows(sql, population, Number(values.audit));
  const busy = new BusyUsers(sql, population, BUSY);
  await said('users and sessions', population.loadSorted());
  await said('audit', rows.load());
  await said('messages', new DeliveryRows(sql, Number(values.messages)).load());
  const server = await ServerProcess.startReady(env);
  const operator = await operatorOn(server, inbox, env);
  await busy.load((mobile) => refOf(server, operator, mobile));
  await said(
    'counts of its hours',
    until(() => areHoursCounted(sql), PATIENCE),
  );
  const known = { server, token: operator.token, sql };
  const waits: Waits[] = [];
  for (const call of callsOn(population, rows, busy)) {
    waits.push(await waitsFor(call, known, { calls: Number(values.calls), users }));
  }
  const shown = { baseUrl: server.baseUrl, inbox };
  const idOf = (n: number) => population.idOf(busy.userOf(n));
  if (values.console) waits.push(...(await screenWaits(shown, operator, idOf)));
  await server.stop();
  return waits;
}

async function areHoursCounted(sql: Pool): Promise<boolean> {
  const [[lease]] = await sql.query<RowDataPacket[]>('SELECT position FROM leases WHERE name = ?', [
    HOURLY,
  ]);
  return Number(lease?.position) >= hourOf(Date.now() - 2 * HOUR_MS);
}

async function said(what: string, work: Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await work;
  console.error(`${what}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

async function refOf(server: ServerProcess, { token }: ConsoleOperator, query: string) {
  const { body } = await server.post('/admin/search', { query }, { token });
  return String(body.users[0].number_ref);
}

function tableOf(waits: readonly Waits[]): string {
  const lines = waits.map(({ name, most, median, p95, scanned }) => {
    if (p95 > most) process.exitCode = 1;
    const rows = scanned === undefined ? '–' : scanned.toFixed(0);
    return [name, median.toFixed(1), p95.toFixed(1), String(most), rows];
  });
  return markdownTable(['', 'median, ms', 'p95, ms', 'at most', 'rows read by scans'], lines);
}

runScript(main);
