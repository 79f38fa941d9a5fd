import { getRepositoryToken } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ActivityService } from '../../src/sessions/activity.service';
import { Session } from '../../src/sessions/session.entity';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { TANDEM } from '../../src/storage/tandem';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { listSessions, logInAgain, rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;

describe.each(MODES)('the last use of a session (%s)', (mode) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
    user = await registerWithPassword(app);
  });
  afterAll(() => app.close());

  const flush = () => app.nest.get(ActivityService).flush();
  const conversions = () => app.sql.getRepository(SmsConversion);
  /** A session that was last used some time ago. */
  async function oldSession(age = HOUR) {
    const pair = await logInAgain(app, user);
    const id = sessionIdOf(pair.token);
    await app.sql.getRepository(Session).decrement({ id }, 'lastUsedAt', age);
    return { ...pair, lastUsedAt: (await rowOf(app, pair)).lastUsedAt };
  }

  it('costs guarded requests no write, and is written for all of them together', async () => {
    const [used, unused] = [await oldSession(), await oldSession()];
    await flush();
    // What the login left to write is no write of these requests.
    await until(async () => (await conversions().countBy({ verified: 1 })) === 1);
    const queries = jest.spyOn(app.sql.logger, 'logQuery');
    // Jobs in the background write to other tables meanwhile.
    const isWrite = /^(UPDATE|INSERT|DELETE)\b.*\b(sessions|users|user_devices)\b/is;
    const writes = () => queries.mock.calls.filter(([sql]) => isWrite.test(sql));

    for (let request = 0; request < 20; request++)
      await app.get('/users/me', { token: used.token });
    const before = [queries.mock.calls.length, writes().length];
    await flush();

    expect(before).toEqual([expect.any(Number), 0]);
    expect(before[0]).toBeGreaterThan(0);
    expect(writes()).toHaveLength(1);
    const { lastUsedAt } = await rowOf(app, used);
    expect(lastUsedAt.getTime()).toBeGreaterThan(used.lastUsedAt.getTime() + HOUR - 1);
    expect((await rowOf(app, unused)).lastUsedAt).toEqual(unused.lastUsedAt);
    queries.mockRestore();
  });

  it('is shown to the quarter hour for every session, so that no thief can follow the owner', async () => {
    const pair = await logInAgain(app, user);
    const used = ['2026-01-01T10:00:01Z', '2026-01-01T10:14:59Z'].map((time) => new Date(time));
    const shown = new Set<string>();
    for (const lastUsedAt of used) {
      await app.sql
        .getRepository(Session)
        .update({ userId: userIdOf(user.token) }, { createdAt: new Date(1), lastUsedAt });
      for (const { last_used_at } of await listSessions(app, pair)) shown.add(last_used_at);
    }

    expect([...shown]).toEqual(['2026-01-01T10:00:00.000Z']);
  });

  it('is written when what is stored is a minute old, whoever stored it, and not before', async () => {
    const [recent, older] = [await oldSession(MINUTE / 2), await oldSession(MINUTE)];
    for (const { token } of [recent, older]) await app.get('/users/me', { token });

    await flush();

    expect((await rowOf(app, recent)).lastUsedAt).toEqual(recent.lastUsedAt);
    expect((await rowOf(app, older)).lastUsedAt).not.toEqual(older.lastUsedAt);
  });

  it('is a refresh, too', async () => {
    const used = await oldSession();

    await app.put('/auth/tokens', undefined, { token: used.refresh_token });
    await flush();

    expect((await rowOf(app, used)).lastUsedAt).not.toEqual(used.lastUsedAt);
  });

  it('is written later when it cannot be written now', async () => {
    const used = await oldSession();
    const sessions = app.nest.get<Repository<Session>>(getRepositoryToken(Session, TANDEM));
    await app.get('/users/me', { token: used.token });
    jest.spyOn(sessions, 'update').mockRejectedValueOnce(new Error('The database is away.'));

    await expect(flush()).rejects.toThrow('The database is away.');
    expect((await rowOf(app, used)).lastUsedAt).toEqual(used.lastUsedAt);
    await flush();

    expect((await rowOf(app, used)).lastUsedAt).not.toEqual(used.lastUsedAt);
  });

  it('is not forgotten when the server stops', async () => {
    const used = await oldSession();
    await app.get('/users/me', { token: used.token });
    expect((await rowOf(app, used)).lastUsedAt).toEqual(used.lastUsedAt);

    app = await app.restart();

    expect((await rowOf(app, used)).lastUsedAt).not.toEqual(used.lastUsedAt);
  });
});
