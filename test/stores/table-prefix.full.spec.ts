import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { TandemModule } from '../../src/tandem.module';
import { everyRequest } from '../support/every-request';
import { SERVICE_CLIENTS } from '../support/service-client';
import { freshStores, MODES, type Mode } from '../support/stores';
import { TestApp } from '../support/test-app';

const NAMES = {
  embedded: `SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'`,
  standard: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()
    UNION SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY'`,
};

/** A name of ours without a prefix. */
const PLAIN =
  /(?<![\w.])(users|user_profiles|user_devices|sessions|challenges|sms_\w+|(ix|uq)_\w+)\b(?!\.)/;

describe.each(MODES)('a database that others use, too (%s)', (mode: Mode) => {
  let stores: Record<string, string>;
  let host: DataSource;

  beforeAll(async () => {
    stores = await freshStores(mode);
    const options = { ...dataSourceOptions(parseEnv(stores)), entities: [], migrations: [] };
    host = await new DataSource(options).initialize();
    await host.query('CREATE TABLE users (nick VARCHAR(20))');
    await host.query('CREATE TABLE migrations (batch INTEGER)');
    await host.query("INSERT INTO users VALUES ('host')");
  });
  afterAll(() => host.destroy());

  const start = (TABLE_PREFIX: string) => {
    const LIMITS =
      'code-cooldown=99/1h,codes-per-address=999/1h,codes-per-number=99/1h,codes-per-number-and-network=99/1h';
    const env = { ...stores, TABLE_PREFIX, LIMITS, SERVICE_CLIENTS, MAX_SESSIONS_PER_USER: '2' };
    return TestApp.start({ mode, env });
  };
  const names = async () => {
    const rows: { name: string }[] = await host.query(NAMES[mode]);
    return rows.map(({ name }) => name);
  };
  const countOf = async (table: string) => {
    const [row] = await host.query(`SELECT COUNT(*) AS count FROM ${table}`);
    return Number(row.count);
  };

  it('holds two installations under names of their own, and what was there stays as it was', async () => {
    const before = await names();
    for (const prefix of ['one_', 'two_']) {
      const app = await start(prefix);
      await app.logIn();
      await app.close();
    }

    const added = (await names()).filter((name) => !before.includes(name));
    expect(added.filter((name) => !/^(one|two)_/.test(name))).toEqual([]);
    const of = (prefix: string) =>
      added.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    expect(of('one_').toSorted()).toEqual(of('two_').toSorted());
    expect(
      await Promise.all(['one_users', 'two_users', 'one_sessions', 'two_sessions'].map(countOf)),
    ).toEqual([1, 1, 1, 1]);
    expect(await host.query('SELECT * FROM users')).toEqual([{ nick: 'host' }]);
    expect(await host.query('SELECT * FROM migrations')).toEqual([]);
  });

  it('is asked by no statement for a table or an index without the prefix', async () => {
    const app = await start('tandem_');
    const asked = jest.spyOn(app.sql.logger, 'logQuery').mockImplementation();
    const failed = jest.spyOn(app.sql.logger, 'logQueryError').mockImplementation();

    await everyRequest(app);

    const texts = asked.mock.calls.map(([text]) => text.replace(/["`]/g, ''));
    expect(texts.filter((text) => text.includes('tandem_sessions'))).not.toEqual([]);
    expect(texts.filter((text) => PLAIN.test(text))).toEqual([]);
    expect(failed).not.toHaveBeenCalled();
    await app.close();
  });
});

describe.each(MODES)('a database with a table of another application (%s)', (mode: Mode) => {
  it.each([
    ['users', 'nick VARCHAR(20)'],
    ['migrations', 'id INTEGER, migration VARCHAR(255), batch INTEGER'],
  ])('is refused without a prefix: %s is not taken for ours', async (table, columns) => {
    // Without Redis: Nest closes nothing of an application whose start fails.
    const stores = { ...(await freshStores(mode)), REDIS_URL: 'none' };
    const options = { ...dataSourceOptions(parseEnv(stores)), entities: [], migrations: [] };
    const host = await new DataSource(options).initialize();
    await host.query(`CREATE TABLE ${table} (${columns})`);

    const root = TandemModule.forEnv(parseEnv(stores));
    const start = NestFactory.createApplicationContext(root, {
      logger: false,
      abortOnError: false,
    });
    await expect(start).rejects.toThrow(
      `has a table ${table} of another application: set TABLE_PREFIX`,
    );

    expect(await host.query(`SELECT * FROM ${table}`)).toEqual([]);
    await host.destroy();
  });
});
