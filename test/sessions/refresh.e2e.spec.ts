import { Session } from '../../src/sessions/session.entity';
import { decodeJwt, sessionIdOf } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { CONTRACTS } from '../support/contracts';
import { type LoggedIn, TestApp } from '../support/test-app';

const WRONG_REFRESH_TOKEN = {
  statusCode: 403,
  message: 'Wrong refresh token.',
  error: 'Forbidden',
  errorCode: 'WRONG_REFRESH_TOKEN',
  request_id: expect.any(String),
};

describe.each(CONTRACTS)('refreshing (%s)', (_name, contract) => {
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start(contract);
    user = await app.logIn();
  });
  afterAll(() => app.close());

  const refresh = (token?: string) => app.put('/auth/tokens', undefined, { token });
  const changeSession = ({ token }: LoggedIn, changes: Partial<Session>) =>
    app.sql.getRepository(Session).update({ id: sessionIdOf(token) }, changes);

  it('answers a new access token of the same session, and nothing else', async () => {
    const { status, body } = await refresh(user.refresh_token);

    expect(status).toBe(201);
    expect(body).toEqual({ token: expect.any(String), token_type: 'Bearer', expires_in: 7200 });
    const [first, next] = [decodeJwt(user.token).claims, decodeJwt(body.token).claims];
    expect(next).toMatchObject({ sub: first.sub, sid: first.sid });
    expect(next.jti).not.toBe(first.jti);
  });

  it('rule 4: the refresh token stays the same and works again and again, also in parallel', async () => {
    const answers = [await refresh(user.refresh_token), await refresh(user.refresh_token)];
    answers.push(...(await Promise.all([1, 2, 3].map(() => refresh(user.refresh_token)))));

    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201));
    const opened = await Promise.all(
      [user, ...answers.map(({ body }) => body)].map(({ token }) =>
        app.get('/users/me', { token }),
      ),
    );
    expect(opened.map(({ status }) => status)).toEqual(Array(6).fill(200));
  });

  it('takes a key that only rotation needs, and refuses one that is none', async () => {
    const [key, tooShort] = ['drawn-at-the-login-0123456789', 'short'].map((one) =>
      app.put('/auth/tokens', undefined, {
        token: user.refresh_token,
        headers: { 'Idempotency-Key': one },
      }),
    );

    expect((await key!).status).toBe(201);
    expectRefusal(await tooShort!, 'VALIDATION_FAILED');
  });

  it.each([
    ['no token', undefined],
    ['garbage', 'garbage'],
  ])('refuses %s', async (_, token) => {
    const { status, body } = await refresh(token);

    expect([status, body]).toEqual([403, WRONG_REFRESH_TOKEN]);
  });

  it('rule 1: refuses an access token', async () => {
    const { status, body } = await refresh(user.token);

    expect([status, body]).toEqual([403, WRONG_REFRESH_TOKEN]);
  });

  it.each([
    ['has ended', { endedAt: new Date(), endReason: 'logout' as const }],
    ['has expired', { expiresAt: new Date() }],
  ])('refuses the refresh token of a session that %s', async (_, changes) => {
    const other = await app.logIn();
    expect((await refresh(other.refresh_token)).status).toBe(201);

    await changeSession(other, changes);

    const { status, body } = await refresh(other.refresh_token);
    expect([status, body]).toEqual([403, WRONG_REFRESH_TOKEN]);
  });
});
