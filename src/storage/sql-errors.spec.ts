import { QueryFailedError } from 'typeorm';
import { openDatabase } from '../../test/support/database';
import { MODES } from '../../test/support/stores';
import { User } from '../users/user.entity';
import { duplicateKey, isDeadlock, isOutage } from './sql-errors';

const withCode = (code: string) => Object.assign(new Error('of a driver'), { code });
const failedQuery = (code: string) => new QueryFailedError('SELECT 1', [], withCode(code));

describe('what a SQL error means', () => {
  it.each([
    'ECONNREFUSED',
    'ETIMEDOUT',
    'PROTOCOL_CONNECTION_LOST',
    'ER_CON_COUNT_ERROR',
    'ER_ERROR_DURING_COMMIT',
    'ER_UNKNOWN_COM_ERROR',
    'SQLITE_FULL',
    'SQLITE_IOERR_WRITE',
  ])('%s is an outage, from a connection, from a statement and as a cause', (code) => {
    const wrapped = new Error('a use case failed', { cause: failedQuery(code) });

    expect([withCode(code), failedQuery(code), wrapped].map(isOutage)).toEqual([true, true, true]);
  });

  it.each([failedQuery('ER_PARSE_ERROR'), failedQuery('ER_DUP_ENTRY'), new Error(), null, 'away'])(
    'a mistake is not an outage: %s',
    (error) => {
      expect(isOutage(error)).toBe(false);
    },
  );

  it('a deadlock and a locked file are worth another attempt', () => {
    const codes = ['ER_LOCK_DEADLOCK', 'SQLITE_BUSY_SNAPSHOT', 'ER_LOCK_WAIT_TIMEOUT'];

    expect(codes.map((code) => isDeadlock(failedQuery(code)))).toEqual([true, true, false]);
  });
});

describe.each(MODES)('the unique key that an insert collided on (%s)', (mode) => {
  it('is named, whatever the values say', async () => {
    const database = await openDatabase(mode);
    const now = new Date();
    const user = (id: string, mobile: string, username: string) =>
      database.getRepository(User).insert({
        id,
        mobile: mobile as never,
        username,
        name: 'Li Wei',
        status: 'active',
        lastLogin: now,
        createdAt: now,
        updatedAt: now,
      });
    const collision = (...values: [string, string, string]) =>
      user(...values).then(() => 'none', duplicateKey);
    await user('1', '+8613800000001', "x' for key 'mobile'");

    expect(await collision('2', '+8613800000001', 'other')).toContain('mobile');
    expect(await collision('3', '+8613800000003', "x' for key 'mobile'")).toContain('username');
    expect(await collision('1', '+8613800000004', 'another')).toMatch(/PRIMARY|users\.id/);
    await database.destroy();
  });
});
