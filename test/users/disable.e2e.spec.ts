import { setTimeout as delay } from 'node:timers/promises';
import { IsNull } from 'typeorm';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { TokenService } from '../../src/auth/token.service';
import { ApiException } from '../../src/common/errors';
import { Session } from '../../src/sessions/session.entity';
import { UsersService } from '../../src/users/users.service';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { AT_FULL_SCALE } from '../support/scale';
import { listSessions, logInAgain, openSession, probe, rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

/** Fewer where one connection serves all, one transaction after the other. */
const ROUNDS = AT_FULL_SCALE ? { embedded: 100, standard: 500 } : { embedded: 20, standard: 50 };
const OUTCOMES = ['login USER_DISABLED', 'login won', 'refresh USER_DISABLED', 'refresh won'];
/** Users whose rounds run side by side. */
const RACERS = 10;

describe.each(MODES)('disabling a user (%s)', (mode) => {
  let app: TestApp;
  let user: UserWithPassword;
  let userId: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { REFRESH_ROTATION: 'on' } });
  });
  beforeEach(async () => {
    user = await registerWithPassword(app);
    userId = userIdOf(user.token);
  });
  afterAll(() => app.close());

  const disable = (id = userId) => app.nest.get(UserOperationsService).disable(id);
  const enable = () => app.nest.get(UsersService).enable(userId);
  const countLive = (id = userId) =>
    app.sql.getRepository(Session).countBy({ userId: id, endedAt: IsNull() });

  it('rule 12: ends all their sessions, whose tokens stop working', async () => {
    const [second, other] = [await logInAgain(app, user), await app.logIn()];

    await disable();

    expect(await countLive()).toBe(0);
    await until(async () => (await app.get('/users/me', { token: user.token })).status === 401);
    expect(await probe(app, second)).toEqual([401, 403]);
    expect(await probe(app, other)).toEqual([200, 201]);
  });

  it('rule 11: leaves earlier ends as they were', async () => {
    await app.delete('/auth/tokens', { token: user.token });
    const before = await rowOf(app, user);

    await disable();

    expect(before.endReason).toBe('logout');
    expect(await rowOf(app, user)).toEqual(before);
  });

  it('is not undone for the ended sessions when the user is enabled again', async () => {
    await disable();
    await until(async () => (await app.get('/users/me', { token: user.token })).status === 401);

    await enable();

    expect(await probe(app, user)).toEqual([401, 403]);
    const next = await logInAgain(app, user);
    const [ended] = await listSessions(app, next, '?ended=true');
    expect(ended!.end_reason).toBe('disabled');
  });

  it(`rule 12: racing logins and refreshes, ${ROUNDS[mode]} rounds, leaves no live session`, async () => {
    const outcomes = new Set<string>();
    const userIds = await Promise.all(
      Array.from({ length: RACERS }, async () => userIdOf((await app.logIn()).token)),
    );

    // A slow machine takes longer to meet in every order.
    const isOver = (round: number) =>
      round >= ROUNDS[mode] / RACERS && OUTCOMES.every((outcome) => outcomes.has(outcome));
    await Promise.all(
      userIds.map(async (id) => {
        for (let round = 0; !isOver(round); round++) {
          for (const outcome of await race(id)) outcomes.add(outcome);
          expect(await countLive(id)).toBe(0);
        }
      }),
    );

    expect([...outcomes].toSorted()).toEqual(OUTCOMES);
  });

  /** @returns what the login and the refresh came to. */
  async function race(id: string): Promise<string[]> {
    await app.nest.get(UsersService).enable(id);
    const session = await openSession(app, id);
    const token = app.nest.get(TokenService).signRefresh(session);
    const [refreshed, loggedIn] = await Promise.all([
      soonOrLate().then(() => app.put('/auth/tokens', undefined, { token })),
      soon().then(() => openSession(app, id).then(() => 'won', codeOf)),
      soon().then(() => disable(id)),
    ]);
    return [`refresh ${refreshed.body.errorCode ?? 'won'}`, `login ${loggedIn}`];
  }
});

/** At once or a moment later, so that the rounds meet in every order. */
const soon = (milliseconds = 20) => delay(Math.random() * milliseconds);

/** A refresh is one statement, and mostly over before a user is disabled unless it comes late. */
const soonOrLate = () => soon(Math.random() < 0.5 ? 0 : 100);

function codeOf(error: unknown): string {
  if (error instanceof ApiException) return error.errorCode;
  throw error;
}
