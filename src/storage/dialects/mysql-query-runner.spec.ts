import type { DataSource } from 'typeorm';
import { openDatabase } from '../../../test/support/database';
import { describeStandard } from '../../../test/support/stores';
import { until } from '../../../test/support/until';
import { UserProfile } from '../../users/user-profile.entity';
import { PoolRenewal } from './pool-renewal';
import { isOutage } from '../sql-errors';

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

describeStandard('every connection to MySQL', () => {
  let database: DataSource;

  beforeAll(async () => {
    database = await openDatabase('standard', { DATABASE_POOL_SIZE: '3' });
  });
  afterAll(() => database.destroy());

  /** Of as many transactions as there are connections, all at the same time. */
  const levels = async () => {
    const runners = [1, 2, 3].map(() => database.createQueryRunner());
    const asked = runners.map(async (runner) => {
      await runner.startTransaction();
      const [{ id }] = await runner.query('SELECT CONNECTION_ID() AS id');
      // By one name or the other, or both.
      const rows: { Value: string }[] = await runner.query(
        "SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')",
      );
      return { id: String(id), levels: rows.map(({ Value }) => Value) };
    });
    const found = await Promise.all(asked);
    for (const runner of runners) {
      await runner.rollbackTransaction();
      await runner.release();
    }
    return found;
  };

  it('reads what is committed and locks only rows that there are, also after a renewal of the pool', async () => {
    const before = await levels();
    PoolRenewal.of(database)!.renew();
    const after = await levels();

    const all = [...before, ...after];
    expect(new Set(all.map(({ id }) => id)).size).toBe(6);
    expect(new Set(all.flatMap((one) => one.levels))).toEqual(new Set(['READ-COMMITTED']));
  });
});
