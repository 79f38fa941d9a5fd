import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import { openDatabase } from '../../../test/support/database';
import { UserProfile } from '../../users/user-profile.entity';

describe('SQLite shared by many callers', () => {
  let database: DataSource;

  beforeEach(async () => {
    database = await openDatabase('embedded');
  });
  afterEach(() => database.destroy());

  const insert = (id: number, manager: EntityManager = database.manager) =>
    manager.insert(UserProfile, { id: String(id) });
  const storedIds = async () => {
    const rows = await database.getRepository(UserProfile).find({ order: { id: 'ASC' } });
    return rows.map(({ id }) => Number(id));
  };

  /** A transaction that inserts a row, lets the others run, and then fails when asked to. */
  const transaction = (id: number, { fails }: { fails: boolean }, meanwhile?: () => void) =>
    database.transaction(async (manager) => {
      await insert(id, manager);
      meanwhile?.();
      await nextTurn();
      if (fails) throw new Error('the caller changed its mind');
    });

  it('keeps the statement of one caller when the transaction of another is rolled back', async () => {
    let other: Promise<unknown> | undefined;

    const failing = transaction(1, { fails: true }, () => (other = insert(2)));

    await expect(failing).rejects.toThrow('changed its mind');
    await other;
    expect(await storedIds()).toEqual([2]);
  });

  it('shows no other caller what is not committed', async () => {
    let seen: Promise<number[]> | undefined;

    await transaction(1, { fails: true }, () => (seen = storedIds())).catch(() => undefined);

    expect(await seen).toEqual([]);
  });

  it('keeps exactly the committed ones of 100 parallel transactions', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);

    await Promise.allSettled(ids.map((id) => transaction(id, { fails: id % 3 === 0 })));

    expect(await storedIds()).toEqual(ids.filter((id) => id % 3 !== 0));
  });

  it('keeps an outer transaction open while inner ones end', async () => {
    await database.transaction(async (outer) => {
      await insert(1, outer);
      await outer
        .transaction(async (inner) => {
          await insert(2, inner);
          throw new Error('only the inner one');
        })
        .catch(() => undefined);
      await outer.transaction((inner) => insert(3, inner));
    });

    expect(await storedIds()).toEqual([1, 3]);
  });

  it('serves on after a BEGIN that failed', async () => {
    await database.query('BEGIN');
    await expect(transaction(1, { fails: false })).rejects.toThrow('within a transaction');
    await database.query('ROLLBACK');

    await transaction(2, { fails: false });

    expect(await storedIds()).toEqual([2]);
  });

  it.each([
    ['ROLLBACK', { fails: true }],
    ['COMMIT', { fails: false }],
  ])('serves on after a %s that failed', async (_, { fails }) => {
    const cutOff = database.transaction(async (manager) => {
      await insert(1, manager);
      await manager.query('ROLLBACK');
      if (fails) throw new Error('as after a full disk');
    });
    await expect(cutOff).rejects.toThrow(fails ? 'full disk' : 'no transaction is active');

    await transaction(2, { fails: false });

    expect(await storedIds()).toEqual([2]);
  });

  it('prepares a statement once for all callers, and keeps no more than 100', async () => {
    const { databaseConnection } = database.driver as BetterSqlite3Driver;
    const prepare = jest.spyOn(databaseConnection, 'prepare');
    const select = (values: number) =>
      database.query(`SELECT ${Array(values).fill('?').join()}`, Array(values).fill(1));
    const preparedFor = async (...lengths: number[]) => {
      prepare.mockClear();
      for (const length of lengths) await select(length);
      return prepare.mock.calls.length;
    };
    const lengths = Array.from({ length: 100 }, (_, index) => index + 1);

    expect(await preparedFor(...lengths)).toBe(100);
    expect(await preparedFor(...lengths)).toBe(0);
    expect(await preparedFor(101, 1)).toBe(2);
  });
});
