import { Session } from '../../src/sessions/session.entity';
import type { TokenPair } from '../support/client';
import { passTime } from '../support/clock';
import { decodeJwt, sessionIdOf } from '../support/jwt';
import { insertSessions, tokenMint } from '../support/session-rows';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

const JWT_SECRET = 'the secret of the rotation tests, and of nothing else';
const DAY = 86_400;

describe.each(MODES)('rotating the refresh token (%s)', (mode) => {
  const mint = tokenMint(JWT_SECRET);
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { JWT_SECRET, REFRESH_ROTATION: 'on' } });
  });
  beforeEach(async () => {
    user = await app.logIn();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const refresh = (token: string) => app.put('/auth/tokens', undefined, { token });
  const successorOf = async (token: string): Promise<string> =>
    (await refresh(token)).body.refresh_token;
  const sessionOf = ({ refresh_token: token }: Pick<TokenPair, 'refresh_token'>) =>
    app.sql.getRepository(Session).findOneByOrFail({ id: sessionIdOf(token) });
  const rotatedEarlier = ({ token }: LoggedIn, seconds: number) =>
    app.sql
      .getRepository(Session)
      .decrement({ id: sessionIdOf(token) }, 'rotatedAt', seconds * 1000);

  it('rule 4: every refresh answers an access token and a successor that gets the next pair', async () => {
    const first = await refresh(user.refresh_token);
    const second = await refresh(first.body.refresh_token);

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual({
      token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 7200,
      refresh_expires_in: expect.any(Number),
    });
    const tokens = [user, first.body, second.body].map(({ refresh_token }) => refresh_token);
    expect(tokens.map((token) => decodeJwt(token).claims.gen)).toEqual([0, 1, 2]);
    expect((await app.get('/users/me', { token: second.body.token })).status).toBe(200);
  });

  it('rule 9: any retry, days later too, gets the same successor, byte for byte', async () => {
    const successor = await successorOf(user.refresh_token);
    await rotatedEarlier(user, DAY);
    const late = await successorOf(user.refresh_token);

    const retries = await Promise.all(
      Array.from({ length: 50 }, () => successorOf(user.refresh_token)),
    );

    expect(decodeJwt(late).claims).toMatchObject({ gen: 1, exp: decodeJwt(successor).claims.exp });
    expect(new Set(retries)).toEqual(new Set([late]));
  });

  it('rule 9: parallel refreshes make one successor, which works', async () => {
    const successors = await Promise.all(
      Array.from({ length: 50 }, () => successorOf(user.refresh_token)),
    );

    expect(new Set(successors).size).toBe(1);
    expect((await refresh(successors[0]!)).status).toBe(201);
  });

  it('never extends the lifetime beyond that of the login', async () => {
    passTime(10 * DAY * 1000);
    const { body } = await refresh(user.refresh_token);

    const [login, successor] = [decodeJwt(user.refresh_token), decodeJwt(body.refresh_token)];
    expect(successor.claims.exp).toBe(login.claims.exp);
    expect(body.refresh_expires_in).toBeGreaterThan(4 * DAY - 60);
    expect(body.refresh_expires_in).toBeLessThanOrEqual(4 * DAY);
    passTime(4 * DAY * 1000);
    expect((await refresh(body.refresh_token)).body.errorCode).toBe('WRONG_REFRESH_TOKEN');
  });

  it('rule 9: beyond the grace a used successor means reuse, and its session ends, only that', async () => {
    const [{ userId }, successor] = [await sessionOf(user), await successorOf(user.refresh_token)];
    const next = await refresh(successor);
    const [other] = await insertSessions(app.sql, 1, { userId });
    await rotatedEarlier(user, 31);

    const { status, body } = await refresh(user.refresh_token);

    expect([status, body.message]).toEqual([403, 'Wrong refresh token.']);
    expect(await sessionOf(user)).toMatchObject({ endReason: 'reuse', endedAt: expect.any(Date) });
    expect((await app.get('/users/me', { token: next.body.token })).status).toBe(401);
    expect((await refresh(next.body.refresh_token)).body.errorCode).toBe('WRONG_REFRESH_TOKEN');
    expect((await refresh(mint.signRefresh(other!))).status).toBe(201);
    expect((await app.get('/users/me', { token: mint.signAccess(other!) })).status).toBe(200);
  });

  it('rule 9: an older generation is reuse, also within the grace', async () => {
    await successorOf(await successorOf(await successorOf(user.refresh_token)));

    const { status, body } = await refresh(user.refresh_token);

    expect([status, body.errorCode]).toEqual([403, 'WRONG_REFRESH_TOKEN']);
    expect(await sessionOf(user)).toMatchObject({ endReason: 'reuse' });
  });

  it('refuses a generation that does not exist yet, and the session lives on', async () => {
    const session = await sessionOf(user);
    const future = mint.signRefresh(Object.assign(session, { generation: 1 }));

    const { status, body } = await refresh(future);

    expect([status, body.errorCode]).toEqual([403, 'WRONG_REFRESH_TOKEN']);
    expect((await refresh(user.refresh_token)).status).toBe(201);
  });

  it('refuses current and spent tokens after logout, which stays the reason of the end', async () => {
    const successor = await successorOf(user.refresh_token);
    await app.delete('/auth/tokens', { token: successor });

    const answers = [await refresh(user.refresh_token), await refresh(successor)];

    expect(answers.map(({ body }) => body.errorCode)).toEqual(Array(2).fill('WRONG_REFRESH_TOKEN'));
    expect(await sessionOf(user)).toMatchObject({ endReason: 'logout', generation: 1 });
  });

  it('rule 12: refuses current and spent tokens of a disabled user', async () => {
    const successor = await successorOf(user.refresh_token);
    await app.sql.query(`UPDATE users SET status = 'disabled' WHERE mobile = '${user.mobile}'`);

    const answers = [await refresh(user.refresh_token), await refresh(successor)];

    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(answers.map(({ body }) => body.message)).toEqual(Array(2).fill('Invalid user.'));
    expect(await sessionOf(user)).toMatchObject({ generation: 1, endedAt: null });
  });
});
