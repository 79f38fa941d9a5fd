import type { DataSource } from 'typeorm';
import { openDatabase } from '../../test/support/database';
import { describeStandard } from '../../test/support/stores';
import { until } from '../../test/support/until';
import { UserProfile } from '../users/user-profile.entity';
import { isOutage } from './sql-errors';

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describeStandard('MySQL that does not answer in time', () => {
  let database: DataSource;

  beforeEach(async () => {
    database = await openDatabase('standard', { DATABASE_POOL_SIZE: '1' });
  });
  afterEach(() => database.destroy());

  const countProfiles = () => database.getRepository(UserProfile).count();

  it('fails a statement as an outage, and serves the next one on another connection', async () => {
    const [{ id: slow }] = await database.query('SELECT CONNECTION_ID() AS id');

    const error = await failure(database.query('SELECT SLEEP(5)'));

    expect(isOutage(error)).toBe(true);
    const [{ id: next }] = await database.query('SELECT CONNECTION_ID() AS id');
    expect(next).not.toBe(slow);
  });

  it('never runs a statement that was given up while it waited for a connection', async () => {
    const holder = database.createQueryRunner();
    await holder.connect();
    const givenUp = failure(database.getRepository(UserProfile).insert({ id: '1' }));

    expect(isOutage(await givenUp)).toBe(true);
    await holder.release();

    expect(await countProfiles()).toBe(0);
  });

  it('rolls back a transaction that was given up, and never reuses its connection', async () => {
    const givenUp = database.transaction(async (manager) => {
      await manager.insert(UserProfile, { id: '1' });
      await manager.query('SELECT SLEEP(2)');
    });

    expect(isOutage(await failure(givenUp))).toBe(true);

    const [{ open }] = await database.query('SELECT @@in_transaction AS open');
    expect(Number(open)).toBe(0);
    await database.query('SET SESSION innodb_lock_wait_timeout = 1');
    await until(
      async () => !(await failure(database.getRepository(UserProfile).insert({ id: '1' }))),
    );
    expect(await countProfiles()).toBe(1);
  });

  it('fails a transaction as an outage that loses its connection between two statements', async () => {
    const admin = await openDatabase('standard');
    const isConnected = async (id: string) => {
      const query = 'SELECT 1 FROM information_schema.processlist WHERE id = ?';
      return (await admin.query(query, [id])).length > 0;
    };

    const cutOff = database.transaction(async (manager) => {
      const [{ id }] = await manager.query('SELECT CONNECTION_ID() AS id');
      await admin.query(`KILL ${id}`);
      await until(async () => !(await isConnected(id)));
      await manager.insert(UserProfile, { id: '1' });
    });

    expect(isOutage(await failure(cutOff))).toBe(true);
    expect(await countProfiles()).toBe(0);
    await admin.destroy();
  });
});
