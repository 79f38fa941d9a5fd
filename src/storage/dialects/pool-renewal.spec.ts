import type { DataSource } from 'typeorm';
import { Logger } from '@nestjs/common';
import { openDatabase } from '../../../test/support/database';
import { startMariaDb, withMariaDb } from '../../../test/support/servers/mariadb';
import type { PrivateServer } from '../../../test/support/servers/private-server';
import { describeStandard, freshDatabase } from '../../../test/support/stores';
import { UserProfile } from '../../users/user-profile.entity';
import { mysql } from './mysql';
import { isOutage } from '../sql-errors';

describeStandard('a server that has become read-only', () => {
  let mariaDb: PrivateServer;
  let DATABASE_URL: string;
  let database: DataSource;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    mariaDb = await startMariaDb();
    const url = new URL(await freshDatabase(mariaDb.url));
    await asRoot('CREATE USER clerk@localhost');
    await asRoot(`GRANT ALL ON ${url.pathname.slice(1)}.* TO clerk@localhost`);
    // Not root, who may write everywhere.
    url.username = 'clerk';
    DATABASE_URL = url.href;
  });
  afterAll(() => mariaDb.remove());
  beforeEach(async () => {
    database = await openDatabase('standard', { DATABASE_URL });
  });
  afterEach(() => database.destroy());

  const asRoot = (statement: string) =>
    withMariaDb(mariaDb.port, (connection) => connection.query(statement));
  const openConnections = async () => {
    const asked = [1, 2].map(() => database.query('SELECT CONNECTION_ID() AS id, SLEEP(0.1)'));
    return (await Promise.all(asked)).map(([{ id }]) => String(id));
  };
  const write = () => database.getRepository(UserProfile).insert({ id: '1' });

  it.each([
    ['a write', () => write().catch((error: unknown) => isOutage(error))],
    ['a look', () => mysql.isDemoted(database)],
  ])('is left after %s: no connection that was open by then serves again', async (_, notice) => {
    const before = await openConnections();

    await asRoot('SET GLOBAL read_only = ON');
    const isNoticed = await notice();
    await asRoot('SET GLOBAL read_only = OFF');

    const after = await openConnections();
    expect(isNoticed).toBe(true);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
  });
});
