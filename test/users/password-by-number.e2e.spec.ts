import { Session } from '../../src/sessions/session.entity';
import { fromNewAddress } from '../support/address';
import { randomCredentials, registerWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR = 3_600_000;

describe.each(MODES)('a password and a number (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', SMS_COUNTRIES: 'CN' } });
  });
  afterAll(() => app.close());

  const logIn = (credentials: object) => app.post('/auth/login', credentials, fromNewAddress());
  const setPassword = (user: { token: string }, credentials: object) =>
    app.put('/users/me/password', credentials, { token: user.token });
  const meOf = async (user: { token: string }) =>
    (await app.get('/users/me', { token: user.token })).body;
  /** The session began an hour ago. */
  async function grownOld() {
    const user = await registerWithPassword(app);
    const createdAt = new Date(Date.now() - HOUR);
    await app.sql
      .getRepository(Session)
      .update({ id: sessionIdOf(user.token) }, { createdAt, authTime: null });
    return user;
  }

  it('rule 15: log in without a username, in any spelling of the number', async () => {
    const user = await app.logIn();
    const { password } = randomCredentials();
    expect((await setPassword(user, { password })).status).toBe(204);
    expect((await meOf(user)).username).toBeNull();

    const national = user.mobile.slice(3);
    const answers = await Promise.all(
      [user.mobile, national, `tel:${user.mobile}`].map((mobile) => logIn({ mobile, password })),
    );

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(answers.map(({ body }) => userIdOf(body.token))).toEqual(
      Array(3).fill(userIdOf(user.token)),
    );
    expectRefusal(
      await logIn({ mobile: user.mobile, password: `${password}x` }),
      'INVALID_CREDENTIALS',
    );
  });

  it('are counted for the account, whichever of its names is typed, and for nobody alike', async () => {
    const { mobile, credentials } = await registerWithPassword(app);
    const typed = [
      (turn: number) => (turn % 2 ? { mobile } : { username: credentials.username }),
      ((nobody) => () => ({ mobile: nobody }))(randomMobile()),
    ];

    const answers = [];
    for (const names of typed) {
      const ofOne = [];
      for (let turn = 0; turn < 11; turn++) {
        const { status, body } = await logIn({ ...names(turn), password: 'a wrong password' });
        ofOne.push([status, body.errorCode, body.limit]);
      }
      answers.push(ofOne);
    }

    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]!.at(-1)).toEqual([429, 'TOO_MANY_REQUESTS', 'username']);
    expect((await logIn({ mobile, password: credentials.password })).status).toBe(429);
  });

  it.each([
    [{}, ['username must be a string']],
    [{ username: 'li.wei', mobile: '+8613812345678' }, ['mobile must not stand beside username']],
    [{ mobile: '+1' }, ['mobile must be a valid mobile number']],
    [{ mobile: 1 }, ['mobile must be a string']],
  ])('refuse %j', async (names, message) => {
    const answer = await logIn({ ...names, password: 'quiet bicycle lane' });

    expectRefusal(answer, 'VALIDATION_FAILED');
    expect(answer.body.message).toEqual(
      expect.arrayContaining([expect.stringContaining(message[0]!)]),
    );
  });

  it('the old password changes it in place of a recent login, and ends the other sessions', async () => {
    const user = await grownOld();
    const other = (await logIn(user.credentials)).body;
    const [{ password: current_password }, { password }] = [user.credentials, randomCredentials()];

    expectRefusal(await setPassword(user, { password }), 'RECENT_LOGIN_REQUIRED');
    expectRefusal(
      await setPassword(user, { password, current_password: 'wrong one' }),
      'INVALID_CREDENTIALS',
    );
    expect((await setPassword(user, { password, current_password })).status).toBe(204);

    expect((await meOf(user)).username).toBe(user.credentials.username);
    expect((await app.get('/users/me', { token: other.token })).status).toBe(401);
    expect((await logIn(user.credentials)).status).toBe(400);
    expect((await logIn({ mobile: user.mobile, password })).status).toBe(201);
  });

  it('of two changes with one old password the second is refused', async () => {
    const user = await grownOld();
    const { password: current_password } = user.credentials;

    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        setPassword(user, { ...randomCredentials(), username: undefined, current_password }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([204, 400, 400]));
  });

  it('removing the password leaves the code, and ends the other sessions', async () => {
    const user = await registerWithPassword(app);
    const other = (await logIn(user.credentials)).body;

    const { status } = await app.delete('/users/me/password', { token: user.token });

    expect(status).toBe(204);
    expectRefusal(await logIn(user.credentials), 'INVALID_CREDENTIALS');
    expect((await app.get('/users/me', { token: other.token })).status).toBe(401);
    expect((await meOf(user)).username).toBe(user.credentials.username);
    expect((await setPassword(user, { password: user.credentials.password })).status).toBe(204);
    expect((await logIn(user.credentials)).status).toBe(201);
  });

  it('removing it needs a recent login', async () => {
    const user = await grownOld();

    const answer = await app.delete('/users/me/password', { token: user.token });

    expectRefusal(answer, 'RECENT_LOGIN_REQUIRED');
    expect((await logIn(user.credentials)).status).toBe(201);
  });
});
