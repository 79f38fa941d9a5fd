import { Session } from '../../src/sessions/session.entity';
import type { TokenPair } from '../support/client';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { sessionIdOf } from '../support/jwt';
import { CONTRACTS } from '../support/contracts';
import { TestApp } from '../support/test-app';

describe.each(CONTRACTS)('logging out (%s)', (_name, contract) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start(contract);
    user = await registerWithPassword(app);
  });
  afterAll(() => app.close());

  const logInAgain = async (): Promise<TokenPair> =>
    (await app.post('/auth/login', user.credentials)).body;
  const logOut = (token?: string) => app.delete('/auth/tokens', { token });
  const statuses = async (pair: TokenPair) => ({
    access: (await app.get('/users/me', { token: pair.token })).status,
    refresh: (await app.put('/auth/tokens', undefined, { token: pair.refresh_token })).status,
  });
  const sessionOf = ({ token }: TokenPair) =>
    app.sql.getRepository(Session).findOneByOrFail({ id: sessionIdOf(token) });

  it.each(['token', 'refresh_token'] as const)(
    'ends both tokens of the session whose %s is sent, and no other session',
    async (name) => {
      const [pair, other] = [await logInAgain(), await logInAgain()];

      const { status, body } = await logOut(pair[name]);

      expect([status, body]).toEqual([204, '']);
      expect(await statuses(pair)).toEqual({ access: 401, refresh: 403 });
      expect(await statuses(other)).toEqual({ access: 200, refresh: 201 });
      expect(await statuses(user)).toEqual({ access: 200, refresh: 201 });
    },
  );

  it('ends the access tokens that were refreshed from the session, too', async () => {
    const pair = await logInAgain();
    const next = await app.put('/auth/tokens', undefined, { token: pair.refresh_token });

    await logOut(pair.token);

    expect((await app.get('/users/me', { token: next.body.token })).status).toBe(401);
  });

  it('rule 11: keeps the reason and the time of the end, also when it is asked for again', async () => {
    const pair = await logInAgain();
    expect(await sessionOf(pair)).toMatchObject({ endReason: null, endedAt: null });

    await logOut(pair.token);
    const first = await sessionOf(pair);
    await logOut(pair.refresh_token);

    expect(first).toMatchObject({ endReason: 'logout', endedAt: expect.any(Date) });
    expect(await sessionOf(pair)).toEqual(first);
  });

  it.each([
    ['no token', undefined],
    ['garbage', 'garbage'],
  ])('refuses %s', async (_, token) => {
    const { status, headers, body } = await logOut(token);

    expect([status, body.errorCode]).toEqual([401, 'UNAUTHORIZED']);
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(['token', 'refresh_token'] as const)(
    'is done when the session has ended before, and its %s opens nothing',
    async (name) => {
      const pair = await logInAgain();
      await logOut(pair.token);

      const { status, body } = await logOut(pair[name]);

      expect([status, body]).toEqual([204, '']);
      expect(await statuses(pair)).toEqual({ access: 401, refresh: 403 });
    },
  );

  it('refuses a token whose signature is not ours, also of a session that has ended', async () => {
    const pair = await logInAgain();
    await logOut(pair.token);

    const { status, body } = await logOut(`${pair.token.slice(0, -8)}AAAAAAAA`);

    expect([status, body.errorCode]).toEqual([401, 'UNAUTHORIZED']);
  });
});
