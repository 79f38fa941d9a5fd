import { Redis } from 'ioredis';
import { BackgroundJobsService } from '../../src/common/background-jobs.service';
import { RevocationListService } from '../../src/sessions/revocation-list.service';
import { Session } from '../../src/sessions/session.entity';
import { passTime } from '../support/clock';
import { freePort } from '../support/servers/free-port';
import { insertSessions, tokenMint } from '../support/session-rows';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const JWT_SECRET = 'the secret of the revocation tests, and of nothing else';
const MINUTE = 60_000;
/** More than a page of the feed. */
const MANY = 2500;

describe.each(MODES)('the list of ended sessions (%s)', (mode) => {
  const mint = tokenMint(JWT_SECRET);
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { JWT_SECRET } });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const list = () => app.nest.get(RevocationListService);
  const ended = (minutesAgo: number, count = 1): Promise<Session[]> => {
    const endedAt = new Date(Date.now() - minutesAgo * MINUTE);
    return insertSessions(app.sql, count, { endedAt, endReason: 'logout' });
  };
  const statusOf = async (session: Session) =>
    (await app.delete('/auth/sessions/none', { token: mint.signAccess(session) })).status;
  const readiness = async () => (await app.get('/health/ready')).status;

  it('holds at the start every session that an access token may belong to, and no older one', async () => {
    const recent = await ended(119, MANY);
    const [old] = await ended(190);

    app = await app.restart();

    expect(recent.filter(({ id }) => !list().has(id))).toEqual([]);
    expect(list().has(old!.id)).toBe(false);
    expect(await statusOf(recent[0]!)).toBe(401);
  });

  it('forgets a session once its access tokens have expired, by whatever clock', async () => {
    const [session] = await ended(0);
    await until(() => list().has(session!.id));
    const { now } = Date;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + 600 * MINUTE);
    await pollOnce();
    expect(list().has(session!.id)).toBe(true);

    passTime(184 * MINUTE);
    await pollOnce();
    expect(list().has(session!.id)).toBe(true);

    passTime(2 * MINUTE);
    await until(() => !list().has(session!.id));
    await pollOnce();
    expect(list().has(session!.id)).toBe(false);
  });

  it('misses no logout after a session whose end lies in the future', async () => {
    const [expired] = await ended(-9);
    await until(() => list().has(expired!.id));

    const [session] = await ended(0);

    await until(() => list().has(session!.id));
  });

  it('rule 10: a guarded request asks neither SQL nor Redis', async () => {
    const [session] = await insertSessions(app.sql, 1);
    await app.nest.get(BackgroundJobsService).onApplicationShutdown();
    const sql = jest.spyOn(app.sql.driver, 'createQueryRunner');
    const redis = jest.spyOn(Redis.prototype, 'sendCommand');

    const statuses = await Promise.all(Array.from({ length: 100 }, () => statusOf(session!)));

    expect(statuses).toEqual(Array(100).fill(404));
    expect(sql).not.toHaveBeenCalled();
    expect(redis).not.toHaveBeenCalled();
    await app.get('/users/me', { token: mint.signAccess(session!) });
    expect(sql).toHaveBeenCalled();
    app = await app.restart();
  });

  it('keeps what it knows while it cannot be read, and the node is not ready after 10 s', async () => {
    const [[session], [live]] = [await ended(0), await insertSessions(app.sql, 1)];
    await until(() => list().has(session!.id));
    await app.sql.query('ALTER TABLE sessions RENAME TO sessions_away');
    await pollOnce();
    expect(await readiness()).toBe(200);

    passTime(11_000);

    expect(await readiness()).toBe(503);
    expect([await statusOf(session!), await statusOf(live!)]).toEqual([401, 404]);
    await app.sql.query('ALTER TABLE sessions_away RENAME TO sessions');
    await until(async () => (await readiness()) === 200);
  });

  /** Resolves when a poll that began after this call has ended. */
  async function pollOnce(): Promise<void> {
    const poll = jest.spyOn(list() as unknown as { poll(): Promise<void> }, 'poll');
    await until(() => poll.mock.results.length > 0);
    await Promise.allSettled([poll.mock.results[0]!.value]);
  }
});

describe('a server that has never read the list', () => {
  it('answers guarded requests 503, not 401', async () => {
    const DATABASE_URL = `mysql://root@127.0.0.1:${await freePort()}/tandem`;
    const app = await TestApp.start({ env: { JWT_SECRET, DATABASE_URL }, isReached: false });
    const token = tokenMint(JWT_SECRET).signAccess({
      id: '1',
      userId: '1',
      expiresAt: new Date(Date.now() + 3_600_000),
    });

    const [genuine, garbage] = [
      await app.delete('/auth/sessions/none', { token }),
      await app.delete('/auth/sessions/none', { token: 'garbage' }),
    ];

    expect([genuine.status, genuine.body.errorCode]).toEqual([503, 'UNAVAILABLE']);
    expect(genuine.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(garbage.status).toBe(401);
    await app.close();
  });
});
