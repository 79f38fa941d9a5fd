import Redis from 'ioredis';
import { SCHEMA } from '../../src/schema';
import { FaultProxy } from '../support/fault-proxy';
import { freePort } from '../support/servers/free-port';
import { superviseMariaDb, withMariaDb } from '../support/servers/mariadb';
import type { PrivateServer } from '../support/servers/private-server';
import { describeStandard, freshDatabase } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { until } from '../support/until';

/** What an operator, a hoster or an old configuration file may have set for everybody. */
const HOSTILE = {
  autocommit: 0,
  completion_type: "'CHAIN'",
  sql_mode: "'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'",
  tx_isolation: "'SERIALIZABLE'",
  unique_checks: 0,
  foreign_key_checks: 0,
  sql_safe_updates: 1,
  sql_auto_is_null: 1,
  sql_big_selects: 0,
  max_join_size: 1,
  sql_select_limit: 1,
  group_concat_max_len: 4,
  time_zone: "'+13:00'",
  innodb_lock_wait_timeout: 50,
  lock_wait_timeout: 3600,
  max_statement_time: 0.001,
  wait_timeout: 1,
  init_connect: "'SET NAMES latin1, autocommit = 0'",
  // The last: it forbids root to set more.
  tx_read_only: 1,
};

/** On whom `init_connect` falls: not on root. */
const USER = 'app';

const set = (port: number, values: Record<string, string | number>) =>
  withMariaDb(port, async (connection) => {
    for (const [name, value] of Object.entries(values)) {
      await connection.query(`SET GLOBAL ${name} = ${value}`);
    }
  });

async function startHostileMariaDb(): Promise<{ mariaDb: PrivateServer; DATABASE_URL: string }> {
  const port = await freePort();
  const mariaDb = await superviseMariaDb({
    port,
    settings: () => ['--skip-log-bin', '--skip-character-set-client-handshake'],
  });
  const url = new URL(await freshDatabase(mariaDb.url));
  await withMariaDb(port, async (connection) => {
    await connection.query(`CREATE USER ${USER}@localhost`);
    await connection.query(`GRANT ALL PRIVILEGES ON \`%\`.* TO ${USER}@localhost`);
  });
  await set(port, HOSTILE);
  url.username = USER;
  return { mariaDb, DATABASE_URL: url.href };
}

const statusOn = async (app: TestApp, token: string) =>
  (await app.get('/users/me', { token })).status;

/** Without Redis: Nest closes nothing of an application whose start fails. */
const start = (url: string) =>
  TestApp.start({ env: { DATABASE_URL: url, REDIS_URL: 'none' } }).then((app) => app.close());

describeStandard('on a MariaDB with hostile defaults', () => {
  let mariaDb: PrivateServer;
  let one: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    const hostile = await startHostileMariaDb();
    ({ mariaDb } = hostile);
    const { DATABASE_URL } = hostile;
    const env = { DATABASE_URL, REFRESH_ROTATION: 'on', DATABASE_POOL_SIZE: '2' };
    one = await TestApp.start({ mode: 'standard', env });
    other = await TestApp.start({ mode: 'standard', env: one.env });
  });
  afterAll(async () => {
    await Promise.all([one, other].map((app) => app.close()));
    await mariaDb.remove();
  });

  const logOut = async (): Promise<LoggedIn> => {
    const user = await one.logIn();
    await one.delete('/auth/tokens', { token: user.token });
    return user;
  };
  const flushRedis = async () => {
    const client = new Redis(one.env.REDIS_URL!);
    await client.flushdb();
    client.disconnect();
  };

  it('rule 26: every connection has the session that promises rest on', async () => {
    const names = Object.keys(HOSTILE).map((name) => `'${name}'`);
    const rows: { Variable_name: string; Value: string }[] = await one.sql.query(
      `SHOW SESSION VARIABLES WHERE Variable_name IN (${names.join()}, 'character_set_client')`,
    );
    const session = Object.fromEntries(
      rows.map(({ Variable_name, Value }) => [Variable_name, Value]),
    );

    expect(session).toMatchObject({
      autocommit: 'ON',
      completion_type: 'NO_CHAIN',
      sql_mode: 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
      tx_isolation: 'READ-COMMITTED',
      tx_read_only: 'OFF',
      unique_checks: 'ON',
      foreign_key_checks: 'ON',
      sql_safe_updates: 'OFF',
      sql_auto_is_null: 'OFF',
      sql_big_selects: 'ON',
      sql_select_limit: '18446744073709551615',
      time_zone: '+00:00',
      innodb_lock_wait_timeout: '1',
      lock_wait_timeout: '1',
      character_set_client: 'utf8mb4',
    });
  });

  it('rule 26: the migrations of the first start are on record for the second', async () => {
    other = await other.restart();

    await other.untilReady();
    expect(await other.sql.query('SELECT name FROM migrations')).toHaveLength(
      SCHEMA.migrations.length,
    );
  });

  it('rule 9: a retry of a spent refresh token gets the same successor, on any node', async () => {
    const { refresh_token: token } = await one.logIn();

    const answers = await Promise.all(
      [one, other, one, other].map((app) => app.put('/auth/tokens', undefined, { token })),
    );

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
  });

  it('rule 10: a logout holds on every node, and after a restart', async () => {
    const { token } = await logOut();

    await until(async () => (await statusOn(other, token)) === 401);
    one = await one.restart();
    expect(await statusOn(one, token)).toBe(401);
  });

  it('rule 13: flushing Redis revives no revoked token and no used code, and loses no session', async () => {
    const [{ token, mobile, code }, stays] = [await logOut(), await one.logIn()];

    await flushRedis();

    const login = await one.post('/auth/tokens', { mobile, code });
    expect([login.status, login.body.errorCode]).toEqual([400, 'INVALID_CODE']);
    expect([await statusOn(one, token), await statusOn(one, stays.token)]).toEqual([401, 200]);
  });

  it('names keep every character, and quotes are text', async () => {
    const { token } = await one.logIn();
    const name = `"Zoë" \\ 李 '🦀'`;

    await one.patch('/users/me', { name }, { token });

    expect((await other.get('/users/me', { token })).body.name).toBe(name);
  });
});

describeStandard('a database that cannot keep the promises', () => {
  let mariaDb: PrivateServer;
  let proxy: FaultProxy;
  let DATABASE_URL: string;

  beforeAll(async () => {
    mariaDb = await superviseMariaDb({
      port: await freePort(),
      settings: () => ['--log-bin=binlog', '--server-id=1'],
    });
    proxy = await FaultProxy.before(mariaDb.port);
    DATABASE_URL = await freshDatabase(mariaDb.url);
  });
  afterAll(async () => {
    await proxy.close();
    await mariaDb.remove();
  });

  it('rule 26: a proxy that changes what a session sets ends the start with a sentence', async () => {
    const url = new URL(DATABASE_URL);
    url.port = String(proxy.port);
    proxy.break({ kind: 'replace', text: "autocommit = 'ON'", by: 'autocommit = 0   ' });

    await expect(start(url.href)).rejects.toThrow(
      'The session variable autocommit was set to ON and is OFF: let the server, and what is between, keep what a session sets.',
    );
  });

  it.each([
    [
      { binlog_format: "'STATEMENT'" },
      'set binlog_format to ROW or MIXED',
      { binlog_format: "'ROW'" },
    ],
    [{ max_allowed_packet: 1024 }, 'Set max_allowed_packet', { max_allowed_packet: 16_777_216 }],
  ])('rule 26: a server with %j ends the start with a sentence', async (wrong, sentence, right) => {
    await set(mariaDb.port, wrong);

    await expect(start(DATABASE_URL)).rejects.toThrow(sentence);
    await set(mariaDb.port, right);
    await start(DATABASE_URL);
  });
});
