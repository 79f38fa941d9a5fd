import type { E164 } from '../../src/common/phone-number';
import { Session } from '../../src/sessions/session.entity';
import { User } from '../../src/users/user.entity';
import { fromNewAddress } from '../support/address';
import { type AltchaChallenge, solve } from '../support/altcha';
import { otherThan } from '../support/codes';
import { answerTo, ticketFor } from '../support/dormant-numbers';
import { FaultProxy } from '../support/fault-proxy';
import { randomMobile } from '../support/mobile';
import { PageBrowser } from '../support/page-browser';
import { describeStandard, freshDatabase } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { until } from '../support/until';

const HOME = 'https://app.example.com/';
const ENV = { LOGIN_PAGE: 'on', LOGIN_RETURN_TO: HOME, REFRESH_COOKIE: 'on' };
const PASSWORD = 'correct horse battery';
const HOUR_MS = 3_600_000;

const masked = (mobile: string) => `${mobile.slice(0, -8)}****${mobile.slice(-4)}`;
const led = ({ headers }: { headers: Headers }) => headers.get('location')?.split('?')[0];

async function logInTo(app: TestApp, mobile = randomMobile()) {
  const browser = new PageBrowser(app);
  await browser.logIn(mobile);
  await browser.open('/account');
  return { browser, mobile };
}

describe('the account page', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ...ENV, LIMITS: 'code-cooldown=99/1h' } });
  });
  afterAll(() => app.close());

  /** As an hour after the login. */
  const age = (userId: string) =>
    app.sql.getRepository(Session).decrement({ userId }, 'createdAt', HOUR_MS);
  const idOf = async (mobile: string) =>
    (await app.sql.getRepository(User).findOneByOrFail({ mobile: mobile as E164 })).id;
  const logInOld = async () => {
    const { browser, mobile } = await logInTo(app);
    await age(await idOf(mobile));
    return { browser, mobile };
  };
  /** On the page that asks for it. */
  const confirm = async (browser: PageBrowser, mobile: string) => {
    await browser.submit('/account/confirm/code');
    return browser.submit('/account/confirm', { code: app.inbox.codeFor(mobile) });
  };

  it('leads a stranger to the login page, and back', async () => {
    const [browser, mobile] = [new PageBrowser(app), randomMobile()];

    await browser.follow(await browser.open('/account?lang=de'));
    await browser.submit('/login/code', { mobile });
    const done = await browser.submit('/login', { code: app.inbox.codeFor(mobile) });
    const page = await browser.follow(done);

    expect(led(done)).toBe('/account');
    expect(page.status).toBe(200);
    expect(page.body).toContain('<html lang="de" dir="ltr">');
    expect(page.body).toContain(masked(mobile));
    expect(page.body).not.toContain(mobile);
  });

  it('changes the name, says so once, and escapes it', async () => {
    const { browser } = await logInTo(app);

    const named = await browser.submit('/account/name', { name: 'Li <Wei>' });
    const pages = [await browser.follow(named), await browser.open('/account')];
    const empty = await browser.submit('/account/name', { name: ' ' });

    expect([named.status, empty.status]).toEqual([303, 400]);
    expect(pages.map(({ body }) => body.includes('Saved.'))).toEqual([true, false]);
    expect(pages[0]!.body).toContain('value="Li &lt;Wei&gt;"');
    expect(empty.body).toContain('role="alert"');
  });

  it('ends another session, all others, devices, and itself', async () => {
    const { browser, mobile } = await logInTo(app);
    const [one, two, three] = [
      await app.logIn(mobile),
      await app.logIn(mobile),
      await app.logIn(mobile),
    ];
    const statusOf = async ({ token }: LoggedIn) => (await app.get('/users/me', { token })).status;
    await browser.open('/account');

    const ended = await browser.submit('/account/sessions/end');
    const first = await Promise.all([one, two, three].map(statusOf));
    await browser.follow(ended);
    const device = await browser.submit('/account/devices/end');
    await browser.follow(device);
    await browser.submit('/account/sessions/end-others');
    const second = await Promise.all([one, two, three].map(statusOf));
    await browser.open('/account');
    const out = await browser.submit('/account/log-out');

    expect(first.filter((status) => status === 401)).toHaveLength(1);
    expect(device.status).toBe(303);
    expect(second).toEqual([401, 401, 401]);
    expect(out.headers.get('location')).toBe(HOME);
    expect(led(await browser.open('/account'))).toBe('/login');
  });

  it('tells of what was done in the account until its owner knows', async () => {
    const { browser, mobile } = await logInTo(app);
    await app.logIn(mobile);
    await browser.open('/account');
    const told = browser.page;

    await browser.submit('/account/notices/acknowledge');
    const after = await browser.open('/account');

    expect(told).toContain('A new device logged in to your account');
    expect(after.body).not.toContain('A new device logged in');
  });

  it('tells who waits for the account with its number, and objects', async () => {
    const { browser, mobile } = await logInTo(app);
    await browser.open('/account/password');
    await browser.submit('/account/password', { password: PASSWORD });
    const verifiedAt = new Date(Date.now() - 91 * 24 * HOUR_MS);
    await app.sql.getRepository(User).update({ mobile: mobile as E164 }, { verifiedAt });
    const ticket = await ticketFor(app, mobile);
    const claimed = await answerTo(app, { ticket, mine: true });

    const told = await browser.open('/account');
    const objected = await browser.submit('/account/number/cancel');
    const after = await browser.follow(objected);

    expect([claimed.status, objected.status]).toEqual([409, 303]);
    expect(told.body).toContain('Yes, it is mine');
    expect(after.body).not.toContain('Yes, it is mine');
  });

  it.each(['sessions/end', 'devices/end', 'notices/acknowledge', 'number/cancel'])(
    'finds nothing of others: %s',
    async (action) => {
      const [{ browser }, other] = [await logInTo(app), await app.logIn()];
      const { body } = await app.get('/auth/sessions', { token: other.token });
      const [fields, headers] = [browser.fieldsOf('/account/log-out'), {}];
      const send = (id: string) => browser.send(`/account/${action}`, { ...fields, id }, headers);

      const answers = [await send(body[0].id), await send('1 OR 1=1'), await send('')];

      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
      expect(answers[0]!.body).toContain('This no longer exists.');
      expect((await app.get('/users/me', { token: other.token })).status).toBe(200);
    },
  );

  it('sets, changes and removes a password; an old session shows the one until now', async () => {
    const { browser, mobile } = await logInTo(app);
    await browser.open('/account/password');

    const weak = await browser.submit('/account/password', { password: '12345678' });
    const set = await browser.submit('/account/password', { password: PASSWORD, username: '' });
    await age(await idOf(mobile));
    await browser.open('/account/password');
    const other = { current_password: 'not this one', password: 'another one entirely' };
    const wrong = await browser.submit('/account/password', other);
    const right = await browser.submit('/account/password', {
      ...other,
      current_password: PASSWORD,
    });
    const login = await app.post('/auth/login', { mobile, password: other.password });
    await browser.open('/account/password');
    const removing = await browser.submit('/account/password/remove');
    await browser.follow(removing);
    const confirmed = await browser.submit('/account/confirm/password', {
      password: other.password,
    });
    await browser.follow(confirmed);
    const removed = await browser.submit('/account/password/remove');

    expect([weak.status, set.status, wrong.status, right.status]).toEqual([400, 303, 400, 303]);
    expect(wrong.body).not.toContain('not this one');
    expect(login.status).toBe(201);
    expect([led(removing), led(confirmed), led(removed)]).toEqual([
      '/account/confirm',
      '/account/password',
      '/account',
    ]);
    expect((await app.post('/auth/login', { mobile, password: other.password })).status).toBe(400);
  });

  it('changes the number at once after a code, which it asks for on the way', async () => {
    const [{ browser, mobile }, fresh] = [await logInOld(), randomMobile()];
    const other = await app.logIn(mobile);
    await age(await idOf(mobile));

    await browser.follow(await browser.open('/account/number'));
    await browser.follow(await confirm(browser, mobile));
    await browser.submit('/account/number/code', { mobile: fresh });
    const code = app.inbox.codeFor(fresh);
    const wrong = await browser.submit('/account/number', {
      code: code === '000000' ? '000001' : '000000',
    });
    const right = await browser.submit('/account/number', { code });
    const page = await browser.follow(right);

    expect([wrong.status, right.status]).toEqual([400, 303]);
    expect(page.body).toContain(masked(fresh));
    expect(page.body).toContain('Your number was changed.');
    expect((await app.get('/users/me', { token: other.token })).status).toBe(401);
  });

  it('changes the number after three days by a password alone, which can be cancelled', async () => {
    const [{ browser, mobile }, fresh] = [await logInTo(app), randomMobile()];
    await browser.open('/account/password');
    await browser.submit('/account/password', { password: PASSWORD });
    await age(await idOf(mobile));

    await browser.follow(await browser.open('/account/number'));
    const page = await browser.follow(
      await browser.submit('/account/confirm/password', { password: PASSWORD }),
    );
    await browser.submit('/account/number/code', { mobile: fresh });
    const proved = await browser.submit('/account/number', { code: app.inbox.codeFor(fresh) });
    const pending = await browser.follow(proved);
    await browser.follow(await browser.submit('/account/number/cancel'));

    expect(page.body).toContain('the number changes 72 hours later');
    expect(pending.body).toContain(`Your number changes to <bdi dir="ltr">${masked(fresh)}</bdi>`);
    expect(browser.page).not.toContain('Your number changes to');
    expect(browser.page).toContain(masked(mobile));
  });

  it('deletes after a tick and a code whose message says so, and keeps whoever comes back', async () => {
    const { browser, mobile } = await logInOld();

    await browser.open('/account/deletion?lang=en');
    const unsure = await browser.submit('/account/deletion/code');
    await browser.submit('/account/deletion/code', { sure: 'yes' });
    const { text, code } = app.inbox.messages.at(-1)!;
    const stepped = await app.post('/auth/tokens', { mobile, code });
    const wrong = await browser.submit('/account/deletion', {
      code: code === '000000' ? '000001' : '000000',
    });
    const deleted = await browser.submit('/account/deletion', { code });
    const [gone, cookies] = [await browser.open('/account'), Object.keys(browser.jar.cookies)];
    const back = await logInTo(app, mobile);
    const shown = back.browser.page;
    const kept = await back.browser.submit('/account/deletion/cancel');

    expect(text).toContain('to delete your account');
    expect([unsure.status, stepped.status, wrong.status]).toEqual([400, 400, 400]);
    expect([deleted.status, led(gone)]).toEqual([200, '/login']);
    expect(cookies).not.toContain('__Host-tandem-a');
    expect(shown).toContain('This account will be deleted on');
    expect(kept.status).toBe(303);
    expect((await back.browser.follow(kept)).body).not.toContain('This account will be deleted');
  });

  it('hands out what is stored once an hour, also when it is asked for at once', async () => {
    const { browser, mobile } = await logInTo(app);
    await browser.open('/account/export');
    const { page } = browser;

    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => browser.send('/account/export', fieldsIn(page))),
    );
    const file = answers.find(({ status }) => status === 200);

    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
    expect(file!.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(file!.body.user.mobile).toBe(mobile);
  });

  it.each<[string, Record<string, string>]>([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['a script', { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' }],
  ])('takes no form of %s', async (_from, headers) => {
    const { browser } = await logInTo(app);

    const answer = await browser.submit('/account/name', { name: 'Mallory' }, headers);

    expect(answer.status).toBe(403);
    expect((await browser.open('/account')).body).not.toContain('Mallory');
  });

  it.each<[string, Record<string, string>]>([
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['a script', { 'sec-fetch-dest': 'empty' }],
    ['a script of another origin in an old browser', { origin: 'https://app.example.com' }],
  ])('shows nothing to %s', async (_to, headers) => {
    const { browser, mobile } = await logInTo(app);

    const { status, body } = await browser.open('/account', headers);

    expect(status).toBe(403);
    expect(body).not.toContain(masked(mobile));
  });

  it('takes no form that was made up, nor one of who was logged in before', async () => {
    const { browser } = await logInTo(app);
    const { page } = browser;
    const { form } = browser.fieldsOf('/account/name');
    const name = 'Mallory';

    const forged = await browser.submit('/account/name', { name, form: `${form!.slice(1)}A` });
    await browser.open('/login');
    await browser.submit('/login/code', { mobile: randomMobile() });
    const { to } = app.inbox.messages.at(-1)!;
    await browser.submit('/login', { code: app.inbox.codeFor(to) });
    browser.page = page;
    const stale = await browser.submit('/account/name', { name });

    expect([forged.status, stale.status]).toEqual([403, 403]);
    expect(stale.body).toContain('This page was open for too long.');
    expect((await browser.open('/account')).body).not.toContain(name);
  });

  it('rule 1: is opened by no Bearer token, and by no cookie that is not a live session’s', async () => {
    const { token, refresh_token: refreshToken } = await app.logIn();
    const { browser } = await logInTo(app);
    const own = browser.jar.cookies['__Host-tandem-a']!;
    const withCookie = async (value: string) => {
      browser.jar.cookies = { '__Host-tandem-a': value };
      return led(await browser.open('/account'));
    };

    for (const bearer of [token, refreshToken]) {
      const headers = { authorization: `Bearer ${bearer}` };
      expect(led(await new PageBrowser(app).open('/account', headers))).toBe('/login');
    }
    expect(await withCookie(`${token}.key`)).toBe('/login');
    expect(await withCookie(`${own.slice(0, 200)}AAAA${own.slice(204)}`)).toBe('/login');
    expect(await withCookie('garbage')).toBe('/login');
    expect(await withCookie(own)).toBeUndefined();
  });

  it('ends with the session, and tells a disabled user so', async () => {
    const [{ browser }, { browser: other, mobile }] = [await logInTo(app), await logInTo(app)];
    await browser.jar.send('DELETE', '/auth/tokens', undefined, {
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    await app.sql.getRepository(User).update({ mobile: mobile as E164 }, { status: 'disabled' });

    const [ended, disabled] = [await browser.open('/account'), await other.open('/account')];

    expect(led(ended)).toBe('/login');
    expect([disabled.status, disabled.body.includes('This account has been disabled.')]).toEqual([
      403,
      true,
    ]);
  });

  it('cannot be framed, runs no script, is never stored, and has nothing in its addresses', async () => {
    const { browser } = await logInTo(app);
    const seen: string[] = [];
    for (const path of ['', '/password', '/number', '/deletion', '/export', '/confirm']) {
      const { headers, body } = await browser.open(`/account${path}`);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).not.toMatch(/<script|<style|\son\w+=|style="/);
      seen.push(...[...body.matchAll(/(?:href|action)="([^"]*)"/g)].map(([, one]) => one!));
    }

    expect(seen.length).toBeGreaterThan(20);
    expect(seen.filter((one) => /\d{6}|challenge|form=/.test(one))).toEqual([]);
  });

  it('leads back to addresses that are listed whole', async () => {
    const { browser } = await logInTo(app);

    const { status, body } = await browser.open('/account?return_to=https://evil.example.com/');

    expect([status, body.includes('evil')]).toEqual([400, false]);
  });
});

/** Those of the first form of a page. */
const fieldsIn = (page: string) =>
  Object.fromEntries(
    [
      ...page.split('</form>')[0]!.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g),
    ].map(([, name, value]) => [name!, value!]),
  );

describe('the account page with rotation', () => {
  it('takes the newest token, and one whose successor the browser has not got; no other ends it', async () => {
    const app = await TestApp.start({ env: { ...ENV, REFRESH_ROTATION: 'on' } });
    const { browser } = await logInTo(app);
    const first = { ...browser.jar.cookies };
    const [name, value] = Object.entries(first).find(([one]) => one.startsWith('__Host-tandem-a'))!;
    await browser.jar.send('PUT', '/auth/tokens', undefined, {
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    const newest = { ...browser.jar.cookies };
    const statusWith = async (cookies: Record<string, string>) => {
      browser.jar.cookies = cookies;
      return (await browser.open('/account')).status;
    };

    expect(await statusWith(first)).toBe(200);
    const ofThief = value.replace(/\.[\w-]+$/, `.${'A'.repeat(22)}`);
    expect(await statusWith({ ...first, [name]: ofThief })).toBe(303);
    expect(await statusWith(newest)).toBe(200);
    await app.close();
  });
});

describeStandard('the account page without its stores', () => {
  it('says so with SQL away, works without Redis, and logs nobody out', async () => {
    const [sqlUrl, redisUrl] = [await freshDatabase(), process.env.TEST_REDIS_URL!].map(
      (url) => new URL(url),
    );
    const [sql, redis] = [
      await FaultProxy.before(Number(sqlUrl!.port)),
      await FaultProxy.before(Number(redisUrl!.port)),
    ];
    sqlUrl!.port = String(sql.port);
    redisUrl!.port = String(redis.port);
    const stores = { DATABASE_URL: sqlUrl!.href, REDIS_URL: redisUrl!.href };
    const app = await TestApp.start({ mode: 'standard', env: { ...ENV, ...stores } });
    await until(async () => (await app.get('/health/ready')).status === 200);
    const { browser, mobile } = await logInTo(app);
    const { page } = browser;

    redis.break({ kind: 'reset' });
    const withoutRedis = await browser.open('/account');
    sql.break({ kind: 'reset' });
    const shown = await browser.open('/account');
    browser.page = page;
    const sent = await browser.submit('/account/name', { name: 'Li Wei' });
    sql.heal();
    redis.heal();
    await until(async () => (await browser.open('/account')).status === 200);

    expect(withoutRedis.status).toBe(200);
    expect([shown.status, sent.status]).toEqual([503, 503]);
    expect(shown.body).toContain('The service is not available right now.');
    expect(shown.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(shown.headers.get('content-type')).toContain('text/html');
    expect(browser.page).toContain(masked(mobile));
    await app.close();
    await Promise.all([sql.close(), redis.close()]);
  });
});

describe('the account page while somebody guesses codes', () => {
  let app: TestApp;

  beforeAll(async () => {
    const LIMITS = 'code-cooldown=99/1h,stray-guesses=1/10m';
    app = await TestApp.start({ env: { ...ENV, CAPTCHA: 'altcha', TRUST_PROXY: '1', LIMITS } });
  });
  afterAll(() => app.close());

  const untilSuspected = async () => {
    const { mobile, code } = await app.requestCode();
    const guess = { mobile, code: otherThan(code) };
    await until(
      async () => (await app.post('/auth/tokens', guess, fromNewAddress())).status === 428,
    );
  };

  it.each<[string, string, Record<string, string>]>([
    ['/account/deletion/code', '/account/deletion', { sure: 'yes' }],
    ['/account/number/code', '/account/number', { mobile: randomMobile() }],
    ['/account/confirm/code', '/account/confirm', {}],
  ])('asks for a captcha with the code, and takes both (%s)', async (sending, proving, typed) => {
    const { browser, mobile } = await logInTo(app);
    await browser.open(sending.replace('/code', ''));
    await browser.submit(sending, typed);
    const code = app.inbox.codeFor(typed.mobile ?? mobile);
    await untilSuspected();
    forget(browser);
    const fields = { ...browser.fieldsOf(proving), challenge: '', code };

    const asked = await browser.send(proving, fields, from());
    const again = { ...browser.fieldsOf(proving), code, captcha: solved(asked) };
    const taken = await browser.send(proving, again, from());

    expect([asked.status, asked.body]).toEqual([428, expect.stringContaining(`value="${code}"`)]);
    expect(asked.body).toContain(' data-again');
    expect(taken.status).toBeLessThan(400);
  });
});

const from = () => ({ 'sec-fetch-site': 'same-origin', ...fromNewAddress().headers });

/** A browser that has forgotten its devices, and does not know which code it asked for. */
const forget = ({ jar }: PageBrowser) => {
  const kept = Object.entries(jar.cookies).filter(([name]) => !name.includes('device'));
  jar.cookies = Object.fromEntries(kept);
};

const solved = ({ body }: { body: unknown }) => {
  const [, challenge] = /data-captcha="([^"]+)"/.exec(String(body))!;
  return solve(
    JSON.parse(challenge!.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as AltchaChallenge,
  );
};
