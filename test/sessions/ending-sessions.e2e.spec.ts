import { Session } from '../../src/sessions/session.entity';
import type { TokenPair } from '../support/client';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { logInAgain, probe, rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

const LIVE = [200, 201];
const ENDED = [401, 403];

describe.each(MODES)('ending sessions (%s)', (mode) => {
  let app: TestApp;
  let user: UserWithPassword;
  let stranger: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
    stranger = await app.logIn();
  });
  beforeEach(async () => {
    user = await registerWithPassword(app);
  });
  afterAll(() => app.close());

  const end = (id: string, { token }: TokenPair = user) =>
    app.delete(`/auth/sessions/${id}`, { token });
  const rows = () => app.sql.getRepository(Session).find({ order: { id: 'ASC' } });

  it('ends one of the own, whose tokens stop working with the answer, and no other', async () => {
    const [lost, other] = [await logInAgain(app, user), await logInAgain(app, user)];

    const { status, body } = await end(sessionIdOf(lost.token));

    expect([status, body]).toEqual([204, '']);
    expect(await probe(app, lost)).toEqual(ENDED);
    expect(await probe(app, other)).toEqual(LIVE);
    expect(await probe(app, user)).toEqual(LIVE);
  });

  it('ends also the one that asks', async () => {
    expect((await end(sessionIdOf(user.token))).status).toBe(204);

    expect(await probe(app, user)).toEqual(ENDED);
  });

  it('answers 404 for the session of another user, which lives on', async () => {
    const answer = await end(sessionIdOf(stranger.token));

    expectRefusal(answer, 'NOT_FOUND');
    expect(await probe(app, stranger)).toEqual(LIVE);
  });

  it('answers 404 for a session that has ended, which keeps its time and reason', async () => {
    const lost = await logInAgain(app, user);
    await app.delete('/auth/tokens', { token: lost.token });
    const first = await rowOf(app, lost);

    expectRefusal(await end(sessionIdOf(lost.token)), 'NOT_FOUND');

    expect(await rowOf(app, lost)).toEqual(first);
  });

  it.each([
    ['a zero before it', (id: string) => `0${id}`, 'NOT_FOUND'],
    ['a digit percent-encoded', (id: string) => `%3${id}`, 'REQUEST_REFUSED'],
    ['a space after it', (id: string) => `${id}%20`, 'NOT_FOUND'],
  ] as const)(
    'refuses the id of an own one with %s, and it lives on',
    async (_, spell, refusal) => {
      const lost = await logInAgain(app, user);

      expectRefusal(await end(spell(sessionIdOf(lost.token))), refusal);

      expect(await probe(app, lost)).toEqual(LIVE);
    },
  );

  it.each([
    ['an unknown one', '1'],
    ['zero', '0'],
    ['a negative one', '-1'],
    ['one with a sign', '+1'],
    ['an id above 63 bits', '9999999999999999999'],
    ['an id of 100 digits', '1'.repeat(100)],
    ['a fraction', '1.5'],
    ['an exponent', '1e18'],
    ['a word', 'current'],
    ['SQL', encodeURIComponent("0' OR '1'='1")],
    ['a pattern', '%25'],
    ['a NUL', '%00'],
    ['full-width digits', encodeURIComponent('１２３')],
  ])('answers 404 for %s and changes nothing', async (_, id) => {
    const before = await rows();

    expectRefusal(await end(id), 'NOT_FOUND');

    expect(await rows()).toEqual(before);
  });

  it('answers 404 for an own id followed by something else, and changes nothing', async () => {
    const before = await rows();

    for (const suffix of ['x', '%20', '.0', '0']) {
      expectRefusal(await end(sessionIdOf(user.token) + suffix), 'NOT_FOUND');
    }

    expect(await rows()).toEqual(before);
  });

  it('ends all others of the user at once, and no one else', async () => {
    const others = [await logInAgain(app, user), await logInAgain(app, user)];

    const { status, body } = await app.delete('/auth/sessions', { token: user.token });

    expect([status, body]).toEqual([204, '']);
    for (const other of others) {
      expect(await probe(app, other)).toEqual(ENDED);
      expect(await rowOf(app, other)).toMatchObject({
        userId: userIdOf(user.token),
        endReason: 'revoked',
      });
    }
    expect(await probe(app, user)).toEqual(LIVE);
    expect(await probe(app, stranger)).toEqual(LIVE);
  });

  it.each([
    ['GET', '/auth/sessions'],
    ['DELETE', '/auth/sessions'],
    ['DELETE', '/auth/sessions/1'],
  ])('refuses %s %s without an access token', async (method, path) => {
    expectRefusal(await app.send(method, path), 'UNAUTHORIZED');
    expectRefusal(
      await app.send(method, path, undefined, { token: user.refresh_token }),
      'REFRESH_TOKEN_NOT_ALLOWED',
    );
  });
});
