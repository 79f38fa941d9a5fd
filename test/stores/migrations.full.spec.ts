import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { SCHEMA } from '../../src/schema';
import { dialectOf } from '../../src/storage/dialects/dialects';
import { runCli } from '../support/cli';
import { openDatabase } from '../support/database';
import { signUp } from '../support/secrets';
import { ServerProcess } from '../support/server-process';
import { freePort } from '../support/servers/free-port';
import { freshStores, MODES } from '../support/stores';

const TABLES = {
  embedded: `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
  standard:
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
};

const MIGRATIONS = SCHEMA.migrations.map(({ name }) => name);

async function appliedMigrations(env: Record<string, string>): Promise<string[]> {
  const database = await new DataSource(dataSourceOptions(parseEnv(env))).initialize();
  const rows: { name: string }[] = await database.query('SELECT name FROM migrations');
  await database.destroy();
  return rows.map(({ name }) => name);
}

describe.each(MODES)('the migrations (%s)', (mode) => {
  it('are undone without a trace, and applied again', async () => {
    const database = await openDatabase(mode);
    const tables = async () => {
      const rows: { name: string }[] = await database.query(TABLES[mode]);
      return rows.map(({ name }) => name).toSorted();
    };
    const all = await tables();
    const { options } = database;
    const migrator = await dialectOf(database).migrationDataSource(options).initialize();
    for (const _ of migrator.migrations) await migrator.undoLastMigration({ transaction: 'none' });

    expect(await tables()).toEqual(['migrations']);

    await migrator.runMigrations({ transaction: 'none' });
    await migrator.destroy();
    expect(await tables()).toEqual(all);
    await database.destroy();
  });
});

describe.each(MODES)('migrating (%s)', (mode) => {
  it('happens once when two servers start at once, and both have one secret', async () => {
    const env = await freshStores(mode);

    const start = () => ServerProcess.startReady(env);
    const [one, other] = await Promise.all([start(), start()]);

    expect([...one.output, ...other.output].join()).not.toMatch(/unreachable/);
    expect(await appliedMigrations(env)).toEqual(MIGRATIONS);
    const { token } = await signUp(one);
    expect((await other.get('/users/me', { token })).status).toBe(200);
    await Promise.all([one.stop('SIGKILL'), other.stop('SIGKILL')]);
  });

  it('is a command that can be repeated', async () => {
    const env = await freshStores(mode);

    const applied = `Applied ${MIGRATIONS.join(', ')}.\n`;
    expect(await runCli(['migrate'], env)).toMatchObject({ exitCode: 0, stdout: applied });
    expect((await runCli(['migrate'], env)).stdout).toBe('Nothing to migrate.\n');
    expect((await runCli(['migrate', '--json'], env)).stdout).toBe('{"applied":[]}\n');
    expect(await appliedMigrations(env)).toEqual(MIGRATIONS);
  });
});

describe('the command that migrates', () => {
  it('says what is wrong and fails when there is no database', async () => {
    const DATABASE_URL = `mysql://root@127.0.0.1:${await freePort()}/tandem`;

    expect(await runCli(['migrate'], { DATABASE_URL })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await runCli(['migrate'], { DATABASE_URL: 'nowhere' })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('DATABASE_URL must be'),
    });
  });
});
