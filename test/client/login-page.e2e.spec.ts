import { letLieDormant } from '../support/dormant-numbers';
import { userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { changeNumber } from '../support/number-changes';
import { PageBrowser } from '../support/page-browser';
import { problemsOf } from '../support/env-problems';
import { registerWithPassword } from '../support/credentials';
import { expectRefusal } from '../support/refusal';
import { registerUser } from '../support/sessions';
import { routesOf } from '../support/route-table';
import { TestApp } from '../support/test-app';

const HOME = 'https://app.example.com/';
const WELCOME = 'https://app.example.com/welcome?from=login&x=1';
const ENV = {
  LOGIN_PAGE: 'on',
  LOGIN_RETURN_TO: `${HOME},${WELCOME}`,
  REFRESH_COOKIE: 'on',
  APP_NAME: '<b>Orders & "Co"</b>',
  TERMS_VERSION: '2026-01',
  TERMS_URL: 'https://app.example.com/terms',
};
const NUMBER = /\b\d{6}\b|\d{8,}/;

const refresh = (browser: PageBrowser) =>
  browser.jar.send('PUT', '/auth/tokens', undefined, {
    headers: { 'sec-fetch-site': 'same-origin' },
  });

/** `+86 138 1234 5678`. */
const mobileShown = (mobile: string) =>
  `${mobile.slice(0, 3)} ${mobile.slice(3, 6)} ${mobile.slice(6, 10)} ${mobile.slice(10)}`;

async function shownAfterCode(browser: PageBrowser, mobile: string): Promise<[number, string]> {
  await browser.open('/login');
  const { status } = await browser.submit('/login/code', { mobile });
  const page = browser.page.replaceAll(/value="[^"]*"/g, '…').replace(mobileShown(mobile), '…');
  return [status, page];
}

/** Sends one of the two forms of the question, as the page has them. */
function say(browser: PageBrowser, mine: 'yes' | 'no', typed = {}) {
  expect(browser.page).toContain(`name="mine" value="${mine}"`);
  return browser.submit('/login/reassigned', { mine, ...typed });
}

describe('the login page', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ...ENV, SMS_COUNTRIES: 'CN,US,HK', TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  const newBrowser = (headers?: Record<string, string>) => new PageBrowser(app, headers);

  it('logs in by code without JavaScript, hands over the session in a cookie, and leads back', async () => {
    const [browser, mobile] = [newBrowser(), randomMobile()];
    await browser.open(`/login?return_to=${encodeURIComponent(WELCOME)}`);
    const sent = await browser.submit('/login/code', { mobile: mobile.slice(3), country: 'CN' });
    const { page } = browser;
    const input = /<input\s+class="code"[^>]*>/.exec(page)![0];

    const done = await browser.submit('/login', { code: app.inbox.codeFor(mobile) });
    const { body } = await refresh(browser);

    expect(sent.status).toBe(200);
    expect(input).toMatch(/inputmode="numeric"\s+autocomplete="one-time-code"/);
    expect(input).not.toContain('maxlength');
    expect([done.status, done.headers.get('location')]).toEqual([303, WELCOME]);
    expect(Object.keys(browser.jar.cookies).toSorted()).toEqual([
      '__Host-tandem-a',
      '__Host-tandem-device',
      '__Host-tandem-form',
    ]);
    expect(page).toContain('<a href="https://app.example.com/terms"');
    expect((await app.get('/users/me', { token: body.token })).body).toMatchObject({
      mobile,
      terms_version: '2026-01',
    });
  });

  it('takes a number as it is pasted, and a code in full-width digits with spaces', async () => {
    const [browser, mobile] = [newBrowser(), randomMobile()];
    await browser.open('/login');
    await browser.submit('/login/code', {
      mobile: ` 00${mobile.slice(1, 6)}-${mobile.slice(6)} `,
      country: 'CN',
    });
    const wide = app.inbox
      .codeFor(mobile)
      .replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));

    const done = await browser.submit('/login', { code: `${wide.slice(0, 3)} ${wide.slice(3)}` });

    expect(done.headers.get('location')).toBe(HOME);
  });

  it('logs in whoever presses the button twice once, and shows no error', async () => {
    const [browser, mobile] = [newBrowser(), randomMobile()];
    await browser.open('/login');
    await browser.submit('/login/code', { mobile });
    const page = browser.page;
    const code = app.inbox.codeFor(mobile);

    const first = await browser.submit('/login', { code });
    browser.page = page;
    const second = await browser.submit('/login', { code });
    const { body } = await refresh(browser);

    expect([first.status, second.status]).toEqual([303, 303]);
    expect((await app.get('/auth/sessions', { token: body.token })).body).toHaveLength(1);
  });

  it.each([
    '/login/code',
    '/login/language',
    '/login',
    '/login/password',
    '/login/undo',
    '/login/reassigned',
  ])('POST %s refuses what no form can send', async (path) => {
    const browser = newBrowser();
    await browser.open('/login');
    const visit = browser.fieldsOf('/login/code');

    for (const odd of [{ a: 1 }, ['x'], 5, null]) {
      const fields = { ...visit, mobile: odd, challenge: odd, name: odd, ticket: odd };
      const answer = await app.post(path, fields, { headers: { cookie: browser.jar.header } });
      expectRefusal(answer, 'VALIDATION_FAILED');
    }
  });

  it('says what is wrong with a code, and takes the right one then', async () => {
    const [browser, mobile] = [newBrowser({ 'accept-language': 'de' }), randomMobile()];
    await browser.open('/login');
    await browser.submit('/login/code', { mobile });
    const code = app.inbox.codeFor(mobile);

    const wrong = await browser.submit('/login', { code: code === '000000' ? '000001' : '000000' });
    const page = browser.page;
    const right = await browser.submit('/login', { code });

    expect(wrong.status).toBe(400);
    expect(page).toContain('role="alert" id="error">Dieser Code ist');
    expect(page).toContain('aria-describedby="error sent"');
    expect(right.status).toBe(303);
  });

  it('logs in by password, with the number or the name', async () => {
    const { credentials, mobile } = await registerWithPassword(app);
    for (const name of [credentials.username, mobile]) {
      const browser = newBrowser();
      await browser.open('/login/password');

      const wrong = await browser.submit('/login/password', { name, password: 'not this one' });
      const right = await browser.submit('/login/password', {
        name,
        password: credentials.password,
      });

      expect([wrong.status, right.status]).toEqual([400, 303]);
      expect(wrong.body).toContain(`value="${name}"`);
      expect(wrong.body).not.toContain('not this one');
    }
  });

  it('ends the session that the browser had, and knows its device again', async () => {
    const [browser, mobile] = [newBrowser(), randomMobile()];
    await browser.logIn(mobile);
    const first = await refresh(browser);

    await browser.logIn(mobile);
    const second = await refresh(browser);
    const devices = await app.get('/auth/devices', { token: second.body.token });

    expect(userIdOf(second.body.token)).toBe(userIdOf(first.body.token));
    expect((await app.get('/users/me', { token: first.body.token })).status).toBe(401);
    expect(devices.body).toHaveLength(1);
  });

  it('answers numbers that have an account and those that have none with the same bytes', async () => {
    const [known, unknown] = [randomMobile(), randomMobile()];
    await registerUser(app, known);
    const [one, other] = [newBrowser(), newBrowser()];

    expect(await shownAfterCode(one, known)).toEqual(await shownAfterCode(other, unknown));
  });

  it('counts for the address of the client, and says when to try again', async () => {
    const [browser, mobile] = [newBrowser({ 'x-forwarded-for': '198.51.100.7' }), randomMobile()];
    await browser.open('/login?lang=en');
    await browser.submit('/login/code', { mobile });

    const again = await browser.submit('/login/code');

    expect(again.status).toBe(429);
    expect(again.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(again.body).toMatch(
      /Too many codes for this number\. Try again in \d+ (seconds|minutes)\./,
    );
  });

  it('leads to addresses that are listed whole, and checks that at each step', async () => {
    const browser = newBrowser();
    for (const other of [
      'https://evil.example.com/',
      `${HOME}other`,
      'https://app.example.com',
      'https://app.example.com@evil.example.com/',
      'javascript:alert(1)',
      '//evil.example.com',
    ]) {
      await browser.open('/login');
      const opened = await newBrowser().open(`/login?return_to=${encodeURIComponent(other)}`);
      const posted = await browser.submit('/login/code', {
        return_to: other,
        mobile: randomMobile(),
      });

      expect([other, opened.status, posted.status]).toEqual([other, 400, 400]);
      expect(opened.headers.get('content-security-policy')).not.toContain('evil');
      expect(opened.body + posted.body).not.toContain(other);
    }
  });

  it.each<[string, (browser: PageBrowser) => Promise<unknown>, Record<string, string>]>([
    ['a page of another site', async () => undefined, { 'sec-fetch-site': 'cross-site' }],
    [
      'a page of another host of the site',
      async () => undefined,
      { 'sec-fetch-site': 'same-site' },
    ],
    ['a browser that had no page of ours', async ({ jar }) => (jar.cookies = {}), {}],
    [
      'a page that was shown to another browser',
      async ({ jar }) => {
        const other = newBrowser();
        await other.open('/login');
        jar.cookies = other.jar.cookies;
      },
      {},
    ],
  ])('takes no form of %s', async (_from, change, headers) => {
    const [browser, mobile] = [newBrowser(), randomMobile()];
    await browser.open('/login');
    await change(browser);

    const answer = await browser.submit('/login/code', { mobile }, headers);

    expect(answer.status).toBe(403);
    expect(app.inbox.messages.filter(({ to }) => to === mobile)).toEqual([]);
  });

  it('cannot be framed, runs no script of others or in the page, tells nobody where it is, and is never stored', async () => {
    const { headers, body } = await newBrowser().open('/login');

    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self' https://app.example.com; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).not.toMatch(
      /<script(?! type="module" src="\/login\/assets\/login-\w+\.js"><\/script>)/,
    );
    expect(body).not.toMatch(/<style|\son\w+=|style="/);
  });

  it('does without what an address says twice', async () => {
    const { status, body } = await newBrowser().open(
      '/login?lang=de&lang=fr&return_to=a&return_to=b',
    );

    expect([status, String(body).includes('<html lang="en"')]).toEqual([200, true]);
  });

  it('escapes what it is given', async () => {
    const browser = newBrowser();
    await browser.open('/login?lang="><script>');
    expect(browser.page).toContain('&lt;b&gt;Orders &amp; &quot;Co&quot;&lt;/b&gt;');

    await browser.submit('/login/code', { mobile: `"><script>'&` });

    expect(browser.page).toContain('value="&quot;&gt;&lt;script&gt;&#39;&amp;"');
    expect(browser.page).not.toContain('<script>');
  });

  it('offers the countries that are served, in the language of the reader, who may take another one', async () => {
    const browser = newBrowser({ 'accept-language': 'fr-CA,en;q=0.5' });

    await browser.open('/login');
    const french = browser.page;
    await browser.open('/login?lang=ar');

    expect([...french.matchAll(/<option\s+value="([A-Z]{2})"/g)].map(([, code]) => code)).toEqual([
      'CN',
      'US',
      'HK',
    ]);
    expect(french).toContain('<html lang="fr" dir="ltr">');
    expect(french).toContain('Se connecter');
    expect(browser.page).toContain('<html lang="ar" dir="rtl">');
    expect(browser.page).toMatch(/<option value="ar" lang="ar"\s+selected>\s*العربية\s*<\/option>/);
  });

  it('takes an account back to the number that it had, by a ticket that is in no address', async () => {
    const user = await app.logIn();
    await changeNumber(app, user);
    await lapseCooldown(app, user.mobile);
    const browser = newBrowser();
    await browser.open('/login');
    await browser.submit('/login/code', { mobile: user.mobile });

    const asked = await browser.submit('/login', { code: app.inbox.codeFor(user.mobile) });
    const { page } = browser;
    const forged = await browser.submit('/login/undo', { ticket: 'garbage' });
    browser.page = page;
    const undone = await browser.submit('/login/undo');
    browser.page = page;
    const again = await browser.submit('/login/undo');

    expect([asked.status, forged.status, undone.status, again.status]).toEqual([
      409, 400, 200, 400,
    ]);
    expect(page).toContain('This is not my account');
    expect(page).not.toMatch(/(?:href|action)="[^"]*ticket/);
    expect(undone.body).toContain('The account has this number again.');
    expect(Object.keys(browser.jar.cookies)).not.toContain('__Host-tandem-a');
    expect((await app.get('/users/me', { token: user.token })).status).toBe(401);
    await lapseCooldown(app, user.mobile);
    expect((await newBrowser().logIn(user.mobile)).status).toBe(303);
  });

  /** A browser that is asked whose the account of a number is. */
  async function askedBrowser(user: { token: string; mobile: string }): Promise<PageBrowser> {
    await letLieDormant(app, user);
    await lapseCooldown(app, user.mobile);
    const browser = newBrowser();
    expect((await browser.logIn(user.mobile)).status).toBe(409);
    return browser;
  }

  it('asks whose the account of a dormant number is, says nothing of it, and opens another one', async () => {
    const user = await app.logIn();
    await app.patch('/users/me', { name: 'Li Wei' }, user);
    const browser = await askedBrowser(user);
    const { page } = browser;

    const done = await say(browser, 'no');
    const { body } = await refresh(browser);
    const me = await app.get('/users/me', { token: body.token });

    expect(page).toContain('Is this account yours?');
    expect(page).not.toMatch(/Li Wei|(?:href|action)="[^"]*ticket/);
    expect(page).not.toContain(userIdOf(user.token));
    expect([done.status, done.headers.get('location')]).toEqual([303, HOME]);
    expect(Object.keys(browser.jar.cookies)).toContain('__Host-tandem-device');
    expect(me.body.mobile).toBe(user.mobile);
    expect(me.body.name).not.toBe('Li Wei');
    expect(userIdOf(body.token)).not.toBe(userIdOf(user.token));
  });

  it('goes on with an account without a password, once, however often the button is pressed', async () => {
    const user = await app.logIn();
    const browser = await askedBrowser(user);
    const { page } = browser;
    const another = newBrowser();
    await another.open('/login');

    const first = await say(browser, 'yes', { password: '' });
    browser.page = page;
    const second = await say(browser, 'yes', { password: '' });
    const { body } = await refresh(browser);
    another.page = page;
    const foreign = await say(another, 'no');

    expect([first.status, second.status, foreign.status]).toEqual([303, 303, 403]);
    expect(userIdOf(body.token)).toBe(userIdOf(user.token));
    expect((await app.get('/auth/sessions', { token: body.token })).body).toHaveLength(1);
  });

  it('wants the password of the account, or a week in which its user may object', async () => {
    const user = await registerWithPassword(app);
    const browser = await askedBrowser(user);
    const { page } = browser;

    const neither = await browser.submit('/login/reassigned', { mine: 'perhaps' });
    const wrong = await say(browser, 'yes', { password: 'not this one' });
    const waits = await say(browser, 'yes');
    browser.page = page;
    const right = await say(browser, 'yes', { password: user.credentials.password });
    browser.page = page;
    const forged = await browser.submit('/login/reassigned', { mine: 'no', ticket: 'garbage' });

    expect([neither.status, wrong.status, waits.status, right.status, forged.status]).toEqual([
      400, 400, 409, 303, 400,
    ]);
    expect(wrong.body).not.toContain('not this one');
    expect(waits.body).toMatch(/Its user may object until \w+ \d+, \d{4}/);
    expect(forged.body).not.toContain('/login/reassigned');
    expect(forged.body).toMatch(/href="\/login\?/);
    const { body } = await refresh(browser);
    expect(userIdOf(body.token)).toBe(userIdOf(user.token));
  });

  it('has no number, code or token in any of its addresses', async () => {
    const [browser, mobile] = [newBrowser(), randomMobile()];
    await browser.open('/login');
    await browser.submit('/login/code', { mobile });

    const addresses = [...browser.page.matchAll(/(?:href|action)="([^"]*)"/g)].map(
      ([, one]) => one!,
    );

    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter((one) => NUMBER.test(one) || one.includes('challenge'))).toEqual([]);
  });

  it('loads a style sheet and a script of its own, for ever under one address', async () => {
    await newBrowser().open('/login');
    const browser = newBrowser();
    await browser.open('/login');
    const addresses = [...browser.page.matchAll(/"(\/login\/assets\/[^"]+)"/g)].map(
      ([, one]) => one!,
    );

    const answers = await Promise.all(addresses.map((one) => app.get(one)));

    expect(answers.map(({ status, headers }) => [status, headers.get('content-type')])).toEqual([
      [200, 'text/css; charset=utf-8'],
      [200, 'text/javascript; charset=utf-8'],
    ]);
    for (const { headers } of answers) expect(headers.get('cache-control')).toContain('immutable');
    expect(answers[0]!.body).toContain('--accent: #1d4ed8');
  });

  it('serves pages of another release with what it has, which nobody keeps', async () => {
    const other = await app.get('/login/assets/style-0123456789ab.css');
    const unknown = await app.get('/login/assets/package.json');

    expect([other.status, other.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(unknown.status).toBe(404);
  });

  it('shows the page for the code in another language, and sends nothing', async () => {
    const [browser, mobile] = [newBrowser(), randomMobile()];
    await browser.open('/login?lang=en');
    await browser.submit('/login/code', { mobile });
    const sent = app.inbox.messages.filter(({ to }) => to === mobile).length;

    const { status } = await browser.submit('/login/language', { lang: 'de' });
    const german = browser.page;
    const done = await browser.submit('/login', { code: app.inbox.codeFor(mobile) });

    expect([status, done.status]).toEqual([200, 303]);
    expect(german).toContain('Wir haben einen Code an');
    expect(german).toMatch(/data-wait="\d+"/);
    expect(app.inbox.messages.filter(({ to }) => to === mobile)).toHaveLength(sent);
  });

  it('keeps the page for the code when another one is asked for too soon, and how long that is after a wrong one', async () => {
    const [browser, mobile] = [newBrowser(), randomMobile()];
    await browser.open('/login?lang=en');
    await browser.submit('/login/code', { mobile });

    const early = await browser.submit('/login/code');
    const wrong = await browser.submit('/login', { code: '00000' });

    expect([early.status, wrong.status]).toEqual([429, 400]);
    expect(early.body).toContain('name="code"');
    expect(wrong.body).toMatch(/data-wait="\d+"/);
    expect((await browser.submit('/login', { code: app.inbox.codeFor(mobile) })).status).toBe(303);
  });

  it('is nowhere unless it is switched on, which needs cookies and addresses to lead back to', async () => {
    const off = await TestApp.start();

    expect(routesOf(off).filter((route) => route.includes('/login/'))).toEqual([]);
    expect(problemsOf({ LOGIN_PAGE: 'on' })).toEqual([
      expect.stringContaining('LOGIN_PAGE needs REFRESH_COOKIE=on'),
      expect.stringContaining('LOGIN_PAGE needs LOGIN_RETURN_TO'),
    ]);
    await off.close();
  });
});
