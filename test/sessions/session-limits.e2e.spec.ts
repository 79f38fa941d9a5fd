import { randomBytes } from 'node:crypto';
import { IsNull } from 'typeorm';
import { CodeGrantsService } from '../../src/auth/code-grants.service';
import { PasswordGrantsService } from '../../src/auth/password-grants.service';
import type { E164 } from '../../src/common/phone-number';
import { Session } from '../../src/sessions/session.entity';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { listSessions, logInAgain, openSession, probe, rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

describe.each(MODES)('MAX_SESSIONS_PER_USER=3 (%s)', (mode) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { MAX_SESSIONS_PER_USER: '3' } });
  });
  beforeEach(async () => {
    user = await registerWithPassword(app);
  });
  afterAll(() => app.close());

  const countLive = (userId: string) =>
    app.sql.getRepository(Session).countBy({ userId, endedAt: IsNull() });

  it('lets the oldest give way to a login, and its tokens stop working', async () => {
    const [second, third] = [await logInAgain(app, user), await logInAgain(app, user)];
    const other = await app.logIn();

    const fourth = await logInAgain(app, user);

    await until(async () => (await app.get('/users/me', { token: user.token })).status === 401);
    expect(await probe(app, user)).toEqual([401, 403]);
    expect(await rowOf(app, user)).toMatchObject({ endReason: 'replaced' });
    const live = await listSessions(app, fourth);
    expect(live.map(({ id }) => id)).toEqual(
      [fourth, third, second].map(({ token }) => sessionIdOf(token)),
    );
    expect(await probe(app, other)).toEqual([200, 201]);
  });

  it('counts no session that has ended', async () => {
    const second = await logInAgain(app, user);
    await app.delete('/auth/tokens', { token: second.token });

    await logInAgain(app, user);
    await logInAgain(app, user);

    expect(await probe(app, user)).toEqual([200, 201]);
  });

  it('holds at every moment of 30 parallel logins of one user', async () => {
    const userId = userIdOf(user.token);
    const counts: number[] = [];
    const logins = Array.from({ length: 30 }, async () => {
      await openSession(app, userId);
      counts.push(await countLive(userId));
    });

    await Promise.all(logins);

    expect(Math.max(...counts)).toBe(3);
    expect(await countLive(userId)).toBe(3);
    const replaced = { userId, endReason: 'replaced' } as const;
    expect(await app.sql.getRepository(Session).countBy(replaced)).toBe(28);
  });

  it('holds after 20 parallel logins by code, of which one registers the user', async () => {
    const mobile = randomMobile() as E164;
    const logIn = () => {
      const challengeId = randomBytes(16).toString('hex');
      return app.nest
        .get(CodeGrantsService)
        .forMobile({ mobile, challengeId }, { address: '192.0.2.1' });
    };

    const opened = await Promise.all(Array.from({ length: 20 }, logIn));

    const users = new Set(opened.map(({ userId }) => userId));
    expect(users.size).toBe(1);
    expect(await countLive([...users][0]!)).toBe(3);
  });
});

describe.each(MODES)('MAX_SESSIONS_PER_USER=3,phone:1,desktop:2 (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { MAX_SESSIONS_PER_USER: '3,phone:1,desktop:2' } });
  });
  afterAll(() => app.close());

  const ADDRESS = '192.0.2.1';
  const AGENTS = {
    phone: 'Shop/1.0 (iPhone; iOS 26)',
    tablet: 'Shop/1.0 (iPad; iPadOS 26)',
    desktop: 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
  };
  type Type = keyof typeof AGENTS;

  const newUser = async () => userIdOf((await app.logIn()).token);
  const openOn = async (userId: string, type: Type) => {
    const caller = { address: ADDRESS, userAgent: AGENTS[type] };
    return (await app.nest.get(PasswordGrantsService).forUser(userId, null, caller)).id;
  };
  const rowsOf = (userId: string) =>
    app.sql.getRepository(Session).find({ where: { userId }, order: { id: 'ASC' } });
  const liveOf = async (userId: string) =>
    (await rowsOf(userId)).filter(({ endedAt }) => endedAt === null);

  it('lets the oldest of the type give way, and only when all are too many the oldest of all', async () => {
    const userId = await newUser();
    const [first] = await rowsOf(userId);
    const phone = await openOn(userId, 'phone');
    const desktop = await openOn(userId, 'desktop');

    const nextPhone = await openOn(userId, 'phone');
    expect((await liveOf(userId)).map(({ id }) => id)).toEqual([first!.id, desktop, nextPhone]);
    const nextDesktop = await openOn(userId, 'desktop');
    const last = await openOn(userId, 'desktop');

    expect((await liveOf(userId)).map(({ id }) => id)).toEqual([nextPhone, nextDesktop, last]);
    const replaced = (await rowsOf(userId)).filter(({ endReason }) => endReason === 'replaced');
    expect(replaced.map(({ id }) => id)).toEqual([first!.id, phone, desktop]);
  });

  it('holds at every moment of parallel logins on all of them', async () => {
    const userId = await newUser();
    const counts = { phone: 0, desktop: 0, total: 0 };
    const types = Array.from({ length: 8 }, (): Type[] => ['phone', 'desktop', 'tablet']).flat();

    const logins = types.map(async (type) => {
      await openOn(userId, type);
      const live = await liveOf(userId);
      const ofType = (wanted: Type) =>
        live.filter(({ deviceType }) => deviceType === wanted).length;
      counts.phone = Math.max(counts.phone, ofType('phone'));
      counts.desktop = Math.max(counts.desktop, ofType('desktop'));
      counts.total = Math.max(counts.total, live.length);
    });
    await Promise.all(logins);

    expect(counts.phone).toBe(1);
    expect(counts.desktop).toBeLessThanOrEqual(2);
    expect(counts.total).toBe(3);
  });
});

describe.each(MODES)('SESSION_IDLE_TTL=10m (%s)', (mode) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { SESSION_IDLE_TTL: '10m' } });
    user = await registerWithPassword(app);
  });
  afterAll(() => app.close());

  /** Moves the last use of a session into the past. */
  const idle = (token: string, seconds: number) =>
    app.sql
      .getRepository(Session)
      .decrement({ id: sessionIdOf(token) }, 'lastUsedAt', seconds * 1000);
  const refresh = ({ refresh_token: token }: { refresh_token: string }) =>
    app.put('/auth/tokens', undefined, { token });

  it('refuses to refresh a session that was idle for longer, and lists it no more', async () => {
    const pair = await logInAgain(app, user);
    await idle(pair.token, 12 * 60 + 30);

    const { status, body } = await refresh(pair);

    expect([status, body.errorCode]).toEqual([403, 'WRONG_REFRESH_TOKEN']);
    const live = await listSessions(app, user);
    expect(live.map(({ id }) => id)).toEqual([sessionIdOf(user.token)]);
  });

  it('lists the end that holds for a session that is not used again', async () => {
    const pair = await logInAgain(app, user);
    await idle(pair.token, 60);

    const [session] = await listSessions(app, pair);

    const { last_used_at, expires_at } = session!;
    expect(Date.parse(expires_at) - Date.parse(last_used_at)).toBe((15 + 10) * 60_000);
  });

  it('spares a session whose use within the last two minutes is not written yet', async () => {
    const pair = await logInAgain(app, user);
    await idle(pair.token, 11 * 60 + 30);

    expect((await refresh(pair)).status).toBe(201);
  });
});
