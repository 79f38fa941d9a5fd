import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { parseEnv } from '../../src/config/load-env';
import { dataSourceOptions, TandemDataSource } from '../../src/storage/data-source';
import { migrate } from '../../src/storage/migrate';
import { SCHEMA } from '../../src/schema';
import { User } from '../../src/users/user.entity';
import { emptyDirectory } from '../support/server-process';
import { describeStandard, freshDatabase } from '../support/stores';

const env = parseEnv({ DATABASE_URL: 'sqlite:/nowhere/of-ours.db', TABLE_PREFIX: 'tandem_' });
const optionsFor = (other: DataSource | DataSourceOptions) => dataSourceOptions(env, SCHEMA, other);

async function open(other: DataSource | DataSourceOptions): Promise<DataSource> {
  await migrate(optionsFor(other));
  return new TandemDataSource(optionsFor(other)).initialize();
}

const modesIn = (directory: string) =>
  readdirSync(directory).map((name) => [name, statSync(join(directory, name)).mode & 0o777]);

describe('the SQLite file', () => {
  it.each([
    ['is new', undefined],
    ['is there and open to all', 0o644],
  ])('is for its owner alone in a directory for all, when it %s', async (_, mode) => {
    const directory = emptyDirectory();
    chmodSync(directory, 0o755);
    const file = join(directory, 'tandem.db');
    if (mode) writeFileSync(file, '', { mode });
    const own = parseEnv({ DATABASE_URL: `sqlite:${file}` });

    await migrate(dataSourceOptions(own, SCHEMA));
    const database = await new TandemDataSource(dataSourceOptions(own, SCHEMA)).initialize();
    await database.query('DELETE FROM users');

    expect(modesIn(directory)).toEqual([
      ['tandem.db', 0o600],
      ['tandem.db-shm', 0o600],
      ['tandem.db-wal', 0o600],
    ]);
    await database.destroy();
  });

  it('keeps its mode when it is that of a host application', () => {
    const file = join(emptyDirectory(), 'host.db');
    writeFileSync(file, '', { mode: 0o644 });

    optionsFor({ type: 'better-sqlite3', database: file });

    expect(statSync(file).mode & 0o777).toBe(0o644);
  });
});

describe('the DataSource of another application', () => {
  it('lends the file of its SQLite and its driver, and nothing else', async () => {
    const database = `${emptyDirectory()}/host.db`;
    const host = await new DataSource({
      type: 'better-sqlite3',
      database,
      driver: require('libsql'),
      enableWAL: false,
      synchronize: true,
      entityPrefix: 'host_',
    }).initialize();

    const ours = await open(host);

    expect(ours.options).toMatchObject({ database, enableWAL: true, entityPrefix: 'tandem_' });
    expect(ours.options).toMatchObject({ synchronize: false, entities: SCHEMA.entities });
    expect(await host.query('SELECT COUNT(*) AS count FROM tandem_users')).toEqual([{ count: 0 }]);
    await Promise.all([ours.destroy(), host.destroy()]);
  });

  it.each([
    ['postgres', { type: 'postgres', url: 'postgres://localhost/shop' }],
    ['sqljs', { type: 'sqljs' }],
    ['mongodb', { type: 'mongodb' }],
  ] as [string, DataSourceOptions][])('is refused when it is of type %s', (type, options) => {
    expect(() => optionsFor(options)).toThrow(
      `Tandem does not support databases of type ${type}: use mysql, mariadb, better-sqlite3.`,
    );
  });

  it('is refused when it is in memory, where nobody else can see it', () => {
    expect(() => optionsFor({ type: 'better-sqlite3', database: ':memory:' })).toThrow('a file');
  });
});

describeStandard('the DataSource of another application on MySQL', () => {
  let url: URL;

  beforeAll(async () => {
    url = new URL(await freshDatabase());
  });

  it.each(['mysql', 'mariadb'] as const)('lends its address, as type %s', async (type) => {
    const host = {
      type,
      host: url.hostname,
      port: Number(url.port),
      username: url.username,
      database: url.pathname.slice(1),
      timezone: '+08:00',
      bigNumberStrings: false,
      poolSize: 1,
      entities: [User],
      synchronize: true,
    };

    const ours = await open(new DataSource(host));

    expect(ours.options).toMatchObject({ type: 'mysql', timezone: 'Z', poolSize: 16 });
    expect(ours.options).toMatchObject({ bigNumberStrings: true, synchronize: false });
    const [settings] = await ours.query(
      'SELECT DATABASE() AS name, @@innodb_lock_wait_timeout AS patience',
    );
    expect([settings.name, Number(settings.patience)]).toEqual([host.database, 1]);
    expect(await ours.getRepository(User).count()).toBe(0);
    await ours.destroy();
  });

  it('lends the URL, and of several servers the one that is written to', async () => {
    const replica = { host: '192.0.2.1', database: 'nowhere' };
    const replication = { master: { url: url.href }, slaves: [replica] };
    const ours = await open({ type: 'mysql', replication });

    expect(await ours.getRepository(User).count()).toBe(0);
    await ours.destroy();
  });
});
