import { UserOperationsService } from '../../src/auth/user-operations.service';
import { StepUpQueries } from '../../src/auth/step-up.queries';
import type { Challenge } from '../../src/codes/challenge.entity';
import { CHALLENGE_STORE, type ChallengeStore } from '../../src/codes/challenge-store';
import { Session } from '../../src/sessions/session.entity';
import { otherThan } from '../support/codes';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { expectRefusal } from '../support/refusal';
import { listSessions, logInAgain, rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const LIMITS =
  'guesses-per-request=2/1h,passwords-per-device=3/1h,codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h';

describe.each(MODES)('POST /auth/step-up (%s)', (mode) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS } });
  });
  beforeEach(async () => {
    user = await registerWithPassword(app);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const stepUp = (proof: object, { token }: { token: string } = user) =>
    app.post('/auth/step-up', proof, { token });
  const newCode = async (mobile = user.mobile) => {
    await lapseCooldown(app, mobile);
    return (await app.requestCode(mobile)).code;
  };
  /** As if the login had been an hour ago. */
  const grow = ({ token }: { token: string }) =>
    app.sql
      .getRepository(Session)
      .decrement({ id: sessionIdOf(token), userId: userIdOf(token) }, 'createdAt', 3_600_000);

  it('raises a session of a code by the password, and renews what asks for a recent login', async () => {
    await grow(user);
    expectRefusal(
      await app.put('/users/me/password', user.credentials, user),
      'RECENT_LOGIN_REQUIRED',
    );

    const { status, body } = await stepUp({ password: user.credentials.password });

    expect([status, body]).toEqual([200, { amr: ['pwd', 'sms'], auth_time: expect.any(String) }]);
    expect(Math.abs(Date.parse(body.auth_time) - Date.now())).toBeLessThan(60_000);
    expect(await rowOf(app, user)).toMatchObject({
      amr: 'pwd sms',
      authTime: new Date(body.auth_time),
    });
    expect((await app.put('/users/me/password', user.credentials, user)).status).toBe(204);
  });

  it('raises a session of a password by a code, and only that session', async () => {
    const [session, other] = [await logInAgain(app, user), await logInAgain(app, user)];

    const { body } = await stepUp({ code: await newCode() }, session);

    expect(body.amr).toEqual(['pwd', 'sms']);
    expect((await rowOf(app, session)).factors).toEqual(['pwd', 'sms']);
    expect((await rowOf(app, other)).factors).toEqual(['pwd']);
    expect(await listSessions(app, session)).toHaveLength(3);
    expect(await listSessions(app, session, '?ended=true')).toEqual([]);
  });

  it('proves again what the login had proved', async () => {
    await grow(user);

    const { body } = await stepUp({ code: await newCode() });

    expect(body.amr).toEqual(['sms']);
    expect((await rowOf(app, user)).createdAt.getTime()).toBeLessThan(Date.parse(body.auth_time));
  });

  it('takes one of the two, and nothing else', async () => {
    const both = { password: user.credentials.password, code: '123456' };
    for (const proof of [
      {},
      both,
      { password: '' },
      { code: 12 },
      { code: null },
      { mobile: user.mobile },
    ]) {
      expectRefusal(await stepUp(proof), 'VALIDATION_FAILED');
    }
    expectRefusal(await stepUp(both, { token: user.refresh_token }), 'REFRESH_TOKEN_NOT_ALLOWED');
    expect((await rowOf(app, user)).authTime).toBeNull();
  });

  it('refuses wrong passwords and codes, counted like those of logins', async () => {
    const code = await newCode();

    for (let count = 0; count < 3; count++) {
      expectRefusal(await stepUp({ password: 'wrong password' }), 'INVALID_CREDENTIALS');
    }
    expectRefusal(await stepUp({ password: user.credentials.password }), 'TOO_MANY_REQUESTS');
    for (const offset of [1, 2]) {
      expectRefusal(await stepUp({ code: otherThan(code, offset) }), 'INVALID_CODE');
    }
    expectRefusal(await stepUp({ code }), 'INVALID_CODE');
    expect((await rowOf(app, user)).authTime).toBeNull();
    // Nobody but this session has used up anything of passwords.
    expect((await app.post('/auth/login', user.credentials)).status).toBe(201);
  });

  it('takes no code of another number, and no password of another user', async () => {
    const other = await registerWithPassword(app);

    expectRefusal(await stepUp({ code: await newCode(other.mobile) }), 'INVALID_CODE');
    expectRefusal(await stepUp({ password: other.credentials.password }), 'INVALID_CREDENTIALS');
    expectRefusal(
      await stepUp({ password: 'any password' }, await app.logIn()),
      'INVALID_CREDENTIALS',
    );
  });

  it('rule 6: a code raises one session or opens one, also when Redis has lost that it was used', async () => {
    const code = await newCode();
    const sessions = [user, await logInAgain(app, user), await logInAgain(app, user)];
    reviveChallenges();

    const answers = await Promise.all([
      ...sessions.map((session) => stepUp({ code }, session)),
      app.post('/auth/tokens', { mobile: user.mobile, code }),
      app.post('/auth/tokens', { mobile: user.mobile, code }),
    ]);

    const successes = answers.filter(({ status }) => status < 300);
    expect(successes).toHaveLength(1);
    expect(answers.filter(({ body }) => body.errorCode === 'INVALID_CODE')).toHaveLength(4);
    expectRefusal(await stepUp({ code }), 'INVALID_CODE');
    expectRefusal(await app.post('/auth/tokens', { mobile: user.mobile, code }), 'INVALID_CODE');
  });

  it('rule 6: the code of the login that opened a session does not raise it', async () => {
    const other = await app.logIn();
    reviveChallenges(other.mobile, (await rowOf(app, other)).challengeId!);

    expectRefusal(await stepUp({ code: other.code }, other), 'INVALID_CODE');
  });

  it('leaves a code usable when it failed, and has raised when only the answer was lost', async () => {
    const code = await newCode();
    const queries = app.nest.get(StepUpQueries);
    const raise = queries.raise.bind(queries);
    const lost = Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    jest.spyOn(queries, 'raise').mockRejectedValueOnce(lost);

    expectRefusal(await stepUp({ code }), 'UNAVAILABLE');
    jest.spyOn(queries, 'raise').mockImplementationOnce(async (...parameters) => {
      await raise(...parameters);
      throw lost;
    });

    const { status, body } = await stepUp({ code });
    expect([status, body.amr]).toEqual([200, ['sms']]);
  });

  it('refuses what a session proves that ends meanwhile, with its user or by a new password', async () => {
    const [ended, disabled, changed] = [
      user,
      await registerWithPassword(app),
      await registerWithPassword(app),
    ];
    meanwhile(() => app.delete('/auth/tokens', ended));
    expectRefusal(await prove(ended), 'UNAUTHORIZED');
    meanwhile(() => app.nest.get(UserOperationsService).disable(userIdOf(disabled.token)));
    expectRefusal(await prove(disabled), 'USER_DISABLED');
    meanwhile(() =>
      app.put('/users/me/password', { ...changed.credentials, password: 'quite another' }, changed),
    );
    expectRefusal(await prove(changed), 'INVALID_CREDENTIALS');
    for (const one of [ended, disabled, changed]) {
      expect((await rowOf(app, one)).authTime).toBeNull();
    }
  });

  const prove = (one: UserWithPassword) => stepUp({ password: one.credentials.password }, one);

  /** Does something between the proof of the next step-up and its effect. */
  function meanwhile(work: () => Promise<unknown>): void {
    const queries = app.nest.get(StepUpQueries);
    const raise = queries.raise.bind(queries);
    jest.spyOn(queries, 'raise').mockImplementationOnce(async (...parameters) => {
      await work();
      return raise(...parameters);
    });
  }

  /** As when Redis loses its last writes: the challenge that is consumed comes back each time, or this one does. */
  function reviveChallenges(mobile?: string, id?: string): void {
    const store = app.nest.get<ChallengeStore>(CHALLENGE_STORE);
    const consume = store.consume.bind(store);
    let revived: ReturnType<ChallengeStore['consume']> | undefined;
    if (id) {
      const expiresAt = new Date(Date.now() + 60_000);
      revived = Promise.resolve({ mobile, id, tag: '', expiresAt } as Challenge);
    }
    jest.spyOn(store, 'consume').mockImplementation((guess) => (revived ??= consume(guess)));
  }
});
