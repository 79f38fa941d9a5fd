import { User } from '../../src/users/user.entity';
import {
  randomCredentials,
  registerWithPassword,
  type UserWithPassword,
} from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { CONTRACTS } from '../support/contracts';
import { type LoggedIn, TestApp } from '../support/test-app';

/** argon2id, version 1.3, 19 MiB, 2 passes, 1 lane, a salt of 16 bytes and a hash of 32. */
const ARGON2ID_PHC = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

describe.each(CONTRACTS)('passwords (%s)', (_name, contract) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start(contract);
    user = await registerWithPassword(app);
  });
  afterAll(() => app.close());

  const setPassword = ({ token }: { token: string }, credentials: object) =>
    app.put('/users/me/password', credentials, { token });
  const logIn = (credentials: object) => app.post('/auth/login', credentials);
  const passwordHashOf = async ({ token }: LoggedIn) => {
    const { passwordHash } = await app.sql
      .getRepository(User)
      .findOneOrFail({ where: { id: userIdOf(token) }, select: { id: true, passwordHash: true } });
    return passwordHash;
  };

  it('logs in to the same user as the code does', async () => {
    const { status, body } = await logIn(user.credentials);

    expect(status).toBe(201);
    expect(body).toEqual({
      token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 7200,
      refresh_expires_in: 1_209_600,
      is_new_user: false,
    });
    const me = await app.get('/users/me', { token: body.token });
    expect(me.body).toMatchObject({ mobile: user.mobile, username: user.credentials.username });
    expect((await app.put('/auth/tokens', undefined, { token: body.refresh_token })).status).toBe(
      201,
    );
  });

  it('takes a username in any case', async () => {
    const credentials = { ...randomCredentials(), username: `Li.Wei-${Date.now()}` };
    await registerWithPassword(app, credentials);

    const statuses = [credentials.username, credentials.username.toUpperCase()].map(
      async (username) => (await logIn({ ...credentials, username })).status,
    );

    expect(await Promise.all(statuses)).toEqual([201, 201]);
  });

  it.each(['Bicycle 2', 'bicycle 1', 'Bicycle 1 ', ' Bicycle 1', 'Bicycle 1\0'])(
    'takes the password %j only as it is',
    async (almost) => {
      const credentials = { ...randomCredentials(), password: 'Bicycle 1' };
      await setPassword(user, credentials);

      expect((await logIn({ ...credentials, password: almost })).status).toBe(400);
      expect((await logIn(credentials)).status).toBe(201);
    },
  );

  it.each([
    ['accents', 'Zoë ﬁancé 각'],
    ['the greatest length', 'é'.repeat(128)],
  ])('takes a password with %s however its characters are composed', async (_, password) => {
    const credentials = { ...randomCredentials(), password: password.normalize('NFC') };
    await setPassword(user, credentials);

    const { status } = await logIn({ ...credentials, password: password.normalize('NFD') });

    expect(status).toBe(201);
  });

  it.each([0, 7, 129])('refuses a password of %i characters', async (length) => {
    const password = 'quiet bicycle lane '.repeat(7).slice(0, length);

    const answer = await setPassword(user, { ...randomCredentials(), password });

    expectRefusal(answer, 'VALIDATION_FAILED');
    expect(answer.body.message).toHaveLength(1);
  });

  it.each(['password', 'PassWord1', 'ｐａｓｓｗｏｒｄ', '12345678', '1qaz2wsx'])(
    'refuses %j, which is guessed first, and says why',
    async (password) => {
      const answer = await setPassword(user, { ...randomCredentials(), password });

      expectRefusal(answer, 'VALIDATION_FAILED');
      expect(answer.body.message).toEqual([
        'password is one of the most used ones, which are guessed first',
      ]);
    },
  );

  it.each([
    ['the username', () => 'my LI-wei.7!'],
    ['the mobile number', () => `call +${user.mobile.slice(1, -4)} ${user.mobile.slice(-4)}`],
    ['the name of this service', () => '4 Tandems!'],
  ])('refuses a password that contains %s, however it is written', async (what, password) => {
    const credentials = { username: 'Li.Wei7', password: password() };

    const answer = await setPassword(user, credentials);

    expectRefusal(answer, 'VALIDATION_FAILED');
    expect(answer.body.message).toEqual([`password must not contain ${what}`]);
  });

  it.each(['quietbicyclelane', '730192846511', '!?%&$§#+', 'x'.repeat(64), '자전거를 타고 간다'])(
    'takes the password %j: no kind of character is required',
    async (password) => {
      const { credentials } = await registerWithPassword(app, { ...randomCredentials(), password });

      expect((await logIn(credentials)).status).toBe(201);
    },
  );

  it('is stored as an argon2id hash with a salt of its own', async () => {
    const other = await app.logIn();
    const { password } = randomCredentials();
    await setPassword(user, { ...randomCredentials(), password });
    await setPassword(other, { ...randomCredentials(), password });

    const hashes = await Promise.all([passwordHashOf(user), passwordHashOf(other)]);

    expect(hashes).toEqual([
      expect.stringMatching(ARGON2ID_PHC),
      expect.stringMatching(ARGON2ID_PHC),
    ]);
    expect(hashes[0]).not.toBe(hashes[1]);
  });
});
