import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { sessionIdOf } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { listSessions, logInAgain } from '../support/sessions';
import { CONTRACTS } from '../support/contracts';
import { TestApp } from '../support/test-app';

const DAY = 86_400_000;
const CHROME =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36';

describe.each(CONTRACTS)('the list of sessions (%s)', (_name, contract) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start({ ...contract, env: { TRUST_PROXY: '1' } });
  });
  beforeEach(async () => {
    user = await registerWithPassword(app);
  });
  afterAll(() => app.close());

  it('shows the live sessions of the caller, newest first, and marks this one', async () => {
    const second = await logInAgain(app, user);
    const third = await logInAgain(app, user);
    await app.logIn();

    const sessions = await listSessions(app, second);

    expect(sessions.map(({ id, current }) => [id, current])).toEqual([
      [sessionIdOf(third.token), false],
      [sessionIdOf(second.token), true],
      [sessionIdOf(user.token), false],
    ]);
  });

  it('tells of each session its device, its coarse network and its times, and nothing more', async () => {
    const before = Date.now();
    const pair = await logInAgain(app, user, {
      'user-agent': CHROME,
      'x-forwarded-for': '203.0.113.77',
    });

    const [session] = await listSessions(app, pair);

    expect(session).toEqual({
      id: sessionIdOf(pair.token),
      current: true,
      device: 'Chrome on Android',
      network: '203.0.113.0/24',
      created_at: expect.any(String),
      last_used_at: session!.created_at,
      expires_at: expect.any(String),
      ended_at: null,
      end_reason: null,
    });
    const createdAt = new Date(session!.created_at);
    expect(createdAt.toISOString()).toBe(session!.created_at);
    expect(createdAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(createdAt.getTime()).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(session!.expires_at) - createdAt.getTime()).toBe(14 * DAY);
  });

  it('tells of an IPv6 address no more than its /48', async () => {
    const pair = await logInAgain(app, user, { 'x-forwarded-for': '2001:db8:aaaa:bbbb::1' });

    const [session] = await listSessions(app, pair);

    expect(session!.network).toBe('2001:db8:aaaa::/48');
  });

  it.each([
    ['10 kB', 'x'.repeat(10_000), 'x'.repeat(64)],
    ['control characters', 'Mozilla/5.0 a\t\x85\x9bb/1 c', 'Mozilla'],
    ['markup', '<b onclick="x">/1 (iPhone)', 'iOS'],
    ['nothing that can be read', '\xff\xfe', null],
  ])('keeps the login of a client whose User-Agent is %s', async (_, userAgent, device) => {
    const pair = await logInAgain(app, user, { 'user-agent': userAgent });

    const [session] = await listSessions(app, pair);

    expect(session!.device).toBe(device);
  });

  it('shows with ended=true those that ended, and why, the last one first', async () => {
    const [first, second] = [await logInAgain(app, user), await logInAgain(app, user)];
    await app.delete('/auth/tokens', { token: second.token });
    await app.delete(`/auth/sessions/${sessionIdOf(first.token)}`, { token: user.token });

    const ended = await listSessions(app, user, '?ended=true');

    expect(ended.map(({ id, current, end_reason }) => [id, current, end_reason])).toEqual([
      [sessionIdOf(first.token), false, 'revoked'],
      [sessionIdOf(second.token), false, 'logout'],
    ]);
    for (const { ended_at } of ended) expect(Date.parse(ended_at!)).toBeLessThanOrEqual(Date.now());
    const live = await listSessions(app, user, '?ended=false');
    expect(live.map(({ id }) => id)).toEqual([sessionIdOf(user.token)]);
  });

  it.each(['ended=', 'ended=TRUE', 'ended=1', 'ended=true&ended=false', 'ended[]=true', 'user=1'])(
    'refuses the query %s',
    async (query) => {
      const answer = await app.get(`/auth/sessions?${query}`, { token: user.token });

      expectRefusal(answer, 'VALIDATION_FAILED');
    },
  );
});
