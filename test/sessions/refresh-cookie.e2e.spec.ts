import { TestApp, type TestAppOptions } from '../support/test-app';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { BrowserJar, PAGE } from '../support/browser-jar';

const SERVERS: [string, TestAppOptions][] = [
  ['the server', {}],
  ['a host on Express', { adapter: 'Express' }],
];

const CROSS_SITE = { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' };

describe.each(SERVERS)('the refresh cookie of %s', (_, options) => {
  let app: TestApp;

  beforeAll(async () => {
    const env = { REFRESH_COOKIE: 'on', REFRESH_ROTATION: 'on', CORS_ORIGINS: PAGE };
    app = await TestApp.start({ ...options, env });
  });
  afterAll(() => app.close());

  const newBrowser = () => new BrowserJar(app);
  const logIn = async (browser: BrowserJar, mobile = randomMobile()) => {
    const { code } = await app.requestCode(mobile);
    return browser.send('POST', '/auth/tokens', { mobile, code, session: 'cookie' });
  };

  it('holds what the answer does not: refreshes go by it, rotate it, and a logout takes it away', async () => {
    const browser = newBrowser();

    const login = await logIn(browser);
    const [set] = login.headers.getSetCookie();
    const first = browser.cookies;
    const session = login.body.session_id;
    const refreshed = await browser.send('PUT', '/auth/tokens', undefined, { session });
    const second = browser.cookies;
    const out = await browser.send('DELETE', '/auth/tokens', undefined, { session });

    expect(login.body).not.toHaveProperty('refresh_token');
    expect(login.body).toMatchObject({ session_id: /^\d+$/.exec(session)?.[0], is_new_user: true });
    expect(set).toMatch(
      /^__Host-tandem-a=[\w.-]+; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(refreshed.status).toBe(201);
    expect(refreshed.body).not.toHaveProperty('refresh_token');
    expect(refreshed.body.session_id).toBe(session);
    expect(second).not.toEqual(first);
    expect((await app.get('/users/me', { token: refreshed.body.token })).status).toBe(401);
    expect([out.status, browser.cookies]).toEqual([204, {}]);
  });

  it('has the key of the session: a refresh whose answer was lost is repeated', async () => {
    const browser = newBrowser();
    await logIn(browser);
    const before = browser.cookies;

    const answers = [];
    for (const userAgent of ['one', 'another']) {
      browser.cookies = before;
      const headers = { 'user-agent': userAgent };
      answers.push(await browser.send('PUT', '/auth/tokens', undefined, { headers }));
    }

    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[0]!.headers.getSetCookie()).toEqual(answers[1]!.headers.getSetCookie());
  });

  it.each([
    ['no page at all', { origin: undefined }],
    ['a page of another origin', { origin: 'https://evil.example.com' }],
    ['a page of another origin that the browser calls cross-site', CROSS_SITE],
    ['a form, which sends no header of its own', { 'tandem-session': undefined }],
  ])('is neither set nor used for %s', async (_caller, headers) => {
    const browser = newBrowser();
    await logIn(browser);
    const { mobile, code } = await app.requestCode();
    const body = { mobile, code, session: 'cookie' };

    const refused = [
      await browser.send('POST', '/auth/tokens', body, { headers }),
      await browser.send('PUT', '/auth/tokens', undefined, { headers }),
      await browser.send('DELETE', '/auth/tokens', undefined, { headers }),
    ];

    for (const answer of refused) {
      expect([answer.status, answer.body.errorCode]).toEqual([403, 'REQUEST_REFUSED']);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect((await browser.send('PUT', '/auth/tokens')).status).toBe(201);
    expect((await app.post('/auth/tokens', { mobile, code })).status).toBe(201);
  });

  it('goes with pages of the server itself, whatever it is called', async () => {
    const browser = newBrowser();
    await logIn(browser);
    const headers = { origin: 'https://any.example.com', 'sec-fetch-site': 'same-origin' };

    const { status } = await browser.send('PUT', '/auth/tokens', undefined, { headers });

    expect(status).toBe(201);
  });

  it('gives way to a Bearer token, and opens nothing else', async () => {
    const [browser, other] = [newBrowser(), await app.logIn()];
    const { body } = await logIn(browser);
    const headers = { authorization: `Bearer ${other.token}` };

    const out = await browser.send('DELETE', '/auth/tokens', undefined, { headers });
    const wrong = await browser.send('PUT', '/auth/tokens', undefined, { headers });

    expect([out.status, wrong.body.errorCode]).toEqual([204, 'WRONG_REFRESH_TOKEN']);
    expect((await app.get('/users/me', { token: other.token })).status).toBe(401);
    expect((await app.get('/users/me', { token: body.token })).status).toBe(200);
    expect((await browser.send('GET', '/users/me')).status).toBe(401);
  });

  it('is refused beside another one of its name, and nobody is logged out for it', async () => {
    const browser = newBrowser();
    await logIn(browser);
    const [[name, value]] = Object.entries(browser.cookies) as [[string, string]];
    const cookie = `${name}=forged; theme=dark; ${name}=${value}`;

    const refused = await browser.send('PUT', '/auth/tokens', undefined, { headers: { cookie } });

    expect([refused.status, refused.body.errorCode]).toEqual([400, 'REQUEST_REFUSED']);
    expect((await browser.send('PUT', '/auth/tokens')).status).toBe(201);
  });

  it('a tab that means another session than the browser has gets no token', async () => {
    const browser = newBrowser();
    const first = await logIn(browser);
    const second = await logIn(browser);
    browser.cookies = { '__Host-tandem-b': browser.cookies['__Host-tandem-b']! };

    const { status, body } = await browser.send('PUT', '/auth/tokens', undefined, {
      session: first.body.session_id,
    });
    const whichever = await browser.send('PUT', '/auth/tokens');

    expect([status, body.errorCode]).toEqual([409, 'REQUEST_REFUSED']);
    expect(whichever.body.session_id).toBe(second.body.session_id);
    expect(userIdOf(whichever.body.token)).toBe(userIdOf(second.body.token));
  });

  it('rule 23: a logout whose answer comes after the next login does not take its cookie', async () => {
    const browser = newBrowser();
    const first = await logIn(browser);
    const late = await new BrowserJar(app, browser.cookies).send('DELETE', '/auth/tokens');

    const second = await logIn(browser);
    browser.keep(late);
    const { status, body } = await browser.send('PUT', '/auth/tokens');

    expect([late.status, status, body.session_id]).toEqual([204, 201, second.body.session_id]);
    expect((await app.get('/users/me', { token: first.body.token })).status).toBe(401);
  });

  it('ends the session that it held before, but for a login that is repeated', async () => {
    const browser = newBrowser();
    const first = await logIn(browser);
    const { mobile, code } = await app.requestCode();
    const body = { mobile, code, session: 'cookie' };
    const headers = { 'idempotency-key': 'a-key-of-twenty-two-or-more' };

    const second = await browser.send('POST', '/auth/tokens', body, { headers });
    const again = await browser.send('POST', '/auth/tokens', body, { headers });

    expect([second.status, again.status]).toEqual([201, 201]);
    expect(again.body.session_id).toBe(second.body.session_id);
    expect((await app.get('/users/me', { token: first.body.token })).status).toBe(401);
    expect((await app.get('/users/me', { token: again.body.token })).status).toBe(200);
  });
});
