import { HousekeepingService } from '../../src/sessions/housekeeping.service';
import { Session } from '../../src/sessions/session.entity';
import { userIdOf } from '../support/jwt';
import { endedByReason, insertSessions, probe, rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** More than two batches. */
const MANY = 1100;

describe.each(MODES)('housekeeping (%s)', (mode) => {
  let app: TestApp;
  let user: LoggedIn;
  let userId: string;

  beforeAll(async () => {
    const env = {
      CODE_TTL: '10m',
      REFRESH_TOKEN_TTL: '10m',
      SESSION_RETENTION: '2d',
      ACCESS_TOKEN_TTL: '1m',
    };
    app = await TestApp.start({ mode, env });
  });
  beforeEach(async () => {
    user = await app.logIn();
    userId = userIdOf(user.token);
  });
  afterAll(() => app.close());

  const sweep = (now?: Date) => app.nest.get(HousekeepingService).sweep(now);
  const find = () => app.sql.getRepository(Session).findBy({ userId });

  it('rule 11: gives every expired session its reason, and the time at which it expired', async () => {
    const expiresAt = new Date(Date.now() - MINUTE);
    await insertSessions(app, userId, MANY, { expiresAt });

    await sweep();

    const ended = (await find()).filter(({ endReason }) => endReason === 'expired');
    expect(ended).toHaveLength(MANY);
    expect(new Set(ended.map(({ endedAt }) => endedAt!.getTime()))).toEqual(
      new Set([expiresAt.getTime()]),
    );
    expect(await endedByReason(app)).toEqual({ expired: MANY });
    expect(await probe(app, user)).toEqual([200, 201]);
  });

  it('leaves the reason and time of a session that ended before it expired', async () => {
    const expiresAt = new Date(Date.now() - MINUTE);
    await insertSessions(app, userId, 1, { expiresAt, ...endingAt(Date.now() - 2 * MINUTE) });
    const before = await find();

    await sweep();

    expect(await find()).toEqual(before);
  });

  it('purges the sessions that ended longer ago than SESSION_RETENTION, and no other', async () => {
    const now = Date.now();
    await insertSessions(app, userId, MANY, endingAt(now - 2 * DAY - 1));
    await insertSessions(app, userId, 2, endingAt(now - 2 * DAY));

    await sweep(new Date(now));

    const left = await find();
    expect(left.filter(({ endedAt }) => endedAt)).toHaveLength(2);
    expect(await probe(app, user)).toEqual([200, 201]);
  });

  it('rule 6: keeps a session for as long as the code that it was opened with lives', async () => {
    await app.delete('/auth/tokens', { token: user.token });

    await sweep(new Date(Date.now() + 10 * MINUTE));

    expect(await rowOf(app, user)).toMatchObject({
      challengeId: expect.any(String),
      endReason: 'logout',
    });
    const { mobile, code } = user;
    expect((await app.post('/auth/tokens', { mobile, code })).body.errorCode).toBe('INVALID_CODE');
  });
});

const endingAt = (time: number): Partial<Session> => ({
  endedAt: new Date(time),
  endReason: 'logout',
});
