import { createTandem, type Tandem, type TextStorage } from '@tandem/client';
import { BrowserJar, PAGE } from '../support/browser-jar';
import { passTime } from '../support/clock';
import { randomMobile } from '../support/mobile';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const HOURS = 3_600_000;

function sharedStorage(hasCookie: boolean): TextStorage {
  const texts = new Map<string, string>();
  return {
    hasCookie,
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => void texts.set(name, text),
    removeItem: (name) => void texts.delete(name),
  };
}

describe.each([
  { rotation: 'off', cookie: 'off' },
  { rotation: 'on', cookie: 'off' },
  { rotation: 'on', cookie: 'on' },
])('the client and the real server (rotation: $rotation, cookie: $cookie)', (modes) => {
  let app: TestApp;
  let storage: TextStorage;
  let jar: BrowserJar;
  const tabs: Tandem[] = [];
  const bodies: string[] = [];
  /** Like the pages of one browser, whose answers are lost as `isLost` says. */
  const openTab = (isLost: (method: string) => boolean = () => false): Tandem => {
    const tab = createTandem({
      url: app.baseUrl,
      storage,
      async fetch(input, init) {
        if (typeof init?.body === 'string') bodies.push(init.body);
        const response = await fetch(input, jar.added(init!));
        jar.keep(response);
        if (isLost(init?.method ?? 'GET')) throw new TypeError('Failed to fetch');
        return response;
      },
      environment: { wall: () => Date.now() + 365 * 24 * HOURS },
    });
    tabs.push(tab);
    return tab;
  };

  beforeAll(async () => {
    const { rotation: REFRESH_ROTATION, cookie: REFRESH_COOKIE } = modes;
    const env = { REFRESH_ROTATION, REFRESH_COOKIE, CORS_ORIGINS: PAGE };
    app = await TestApp.start({ env });
  });
  beforeEach(() => {
    storage = sharedStorage(modes.cookie === 'on');
    jar = new BrowserJar(app);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    for (const tab of tabs.splice(0)) tab.dispose();
    bodies.length = 0;
  });
  afterAll(() => app.close());

  const logIn = async (tab: Tandem) => {
    const mobile = randomMobile();
    await tab.requestCode(mobile);
    return tab.logIn(mobile, app.inbox.codeFor(mobile));
  };

  it('log in by code, whoever asks for the first time', async () => {
    const tab = openTab();

    const first = await logIn(tab);

    expect([first.isNewUser, tab.session().status]).toEqual([true, 'fresh']);
    expect((await tab.fetch('/users/me')).status).toBe(200);
    expect(await tab.sessions()).toHaveLength(1);
  });

  it('rule 23: a login whose answers are lost is repeated, and opens one session', async () => {
    let lost = 0;
    const mobile = randomMobile();
    const tab = openTab((method) => method === 'POST' && lost > 0 && lost++ < 3);
    await tab.requestCode(mobile);
    lost = 1;

    const { isNewUser } = await tab.logIn(mobile, app.inbox.codeFor(mobile));

    expect([lost, isNewUser]).toEqual([4, true]);
    expect(await tab.sessions()).toHaveLength(1);
    passTime(2.1 * HOURS);
    await tab.wake();
    expect((await tab.fetch('/users/me')).status).toBe(200);
  });

  it('rule 23: five tabs that refresh at once, with answers that are lost, stay logged in', async () => {
    let lost = 0;
    await logIn(openTab());
    const others = [1, 2, 3, 4, 5].map(() => openTab((method) => method === 'PUT' && lost++ < 3));

    passTime(2.1 * HOURS);
    await Promise.allSettled(others.map((tab) => tab.fetch('/users/me')));
    await Promise.all(others.map((tab) => tab.wake()));
    const answers = await Promise.all(others.map((tab) => tab.fetch('/users/me')));

    expect(lost).toBeGreaterThanOrEqual(3);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(others.map((tab) => tab.session().status)).toEqual(Array(5).fill('fresh'));
  });

  it('a number is changed by a code to the new one, and who shows the old one is told', async () => {
    const [tab, stranger] = [openTab(), openTab()];
    const [mobile, next] = [randomMobile(), randomMobile()];
    await tab.requestCode(mobile);
    await tab.logIn(mobile, app.inbox.codeFor(mobile));

    const change = await tab.changeNumber(next);
    const changed = await tab.proveNumber(change, app.inbox.codeFor(next));

    expect([change.delay, changed.state]).toEqual([0, 'moved']);
    expect((await tab.fetch('/users/me')).status).toBe(200);
    passTime(0.1 * HOURS);
    await stranger.requestCode(mobile);
    await expect(stranger.logIn(mobile, app.inbox.codeFor(mobile))).rejects.toMatchObject({
      errorCode: 'NUMBER_MOVED',
      ticket: expect.any(String),
    });
  });

  it('an account is deleted, and kept by a login before it is erased', async () => {
    const tab = openTab();
    const mobile = randomMobile();
    await tab.requestCode(mobile);
    await tab.logIn(mobile, app.inbox.codeFor(mobile));

    expect(+(await tab.deleteAccount())).toBeGreaterThan(Date.now() + 13 * 24 * HOURS);
    expect(tab.session()).toEqual({ status: 'ended', reason: 'logout' });

    passTime(0.1 * HOURS);
    await tab.requestCode(mobile);
    await tab.logIn(mobile, app.inbox.codeFor(mobile));
    await tab.keepAccount();
    await expect(tab.keepAccount()).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });

  it('an account is deleted by a code whose message says so, an hour after the login', async () => {
    const tab = openTab();
    const mobile = randomMobile();
    await tab.requestCode(mobile);
    await tab.logIn(mobile, app.inbox.codeFor(mobile));
    passTime(HOURS);
    await expect(tab.deleteAccount()).rejects.toMatchObject({ errorCode: 'RECENT_CODE_REQUIRED' });

    const sent = await tab.requestDeletion({ locale: 'en' });
    const { to, text } = app.inbox.messages.at(-1)!;
    await tab.deleteAccount(sent, app.inbox.codeFor(mobile));

    expect([to, text]).toEqual([mobile, expect.stringContaining('delete')]);
    expect(tab.session()).toEqual({ status: 'ended', reason: 'logout' });
  });

  it('the answer of a captcha goes along with a code that proves a number or deletes an account', async () => {
    const [tab, other] = [openTab(), openTab()];
    const solved = { captcha: 'solved' };
    const next = randomMobile();

    await logIn(tab);
    const change = await tab.changeNumber(next);
    await tab.proveNumber(change, app.inbox.codeFor(next), solved);
    await logIn(other);
    const sent = await other.requestDeletion();
    await other.deleteAccount(sent, app.inbox.messages.at(-1)!.code, solved);

    expect(bodies.filter((body) => JSON.parse(body).captcha === 'solved')).toHaveLength(2);
  });

  it('a logout ends it for the server, and for other tabs that look', async () => {
    const [one, other] = [openTab(), openTab()];
    await logIn(one);
    await other.fetch('/users/me');

    expect(await one.logOut()).toBe(true);

    expect((await other.fetch('/users/me')).status).toBe(401);
    expect([one, other].map((tab) => tab.session())).toEqual([
      { status: 'ended', reason: 'logout' },
      { status: 'ended', reason: 'logout' },
    ]);
  });

  it('a login takes the place of another one, whose session ends', async () => {
    const tab = openTab();
    await logIn(tab);
    const before = await tab.fetch('/users/me');
    const token = JSON.parse((await storage.getItem(`tandem ${app.baseUrl}`))!).access;

    await logIn(tab);

    await until(async () => (await app.get('/users/me', { token })).status === 401);
    expect([before.status, (await tab.fetch('/users/me')).status]).toEqual([200, 200]);
    expect(await tab.sessions()).toHaveLength(1);
  });

  it('a session that was ended elsewhere is over with the next request', async () => {
    const tab = openTab();
    await logIn(tab);
    const [session] = await tab.sessions();

    await tab.endSession(session!.id);
    const { status } = await tab.fetch('/users/me');

    expect([status, tab.session()]).toEqual([401, { status: 'ended', reason: 'session_ended' }]);
  });

  it('errors are told apart by their code', async () => {
    const tab = openTab();

    await expect(tab.requestCode('nonsense')).rejects.toMatchObject({
      name: 'TandemError',
      errorCode: 'VALIDATION_FAILED',
      status: 400,
    });
    await expect(tab.logIn(randomMobile(), '123456')).rejects.toMatchObject({
      errorCode: 'INVALID_CODE',
    });
  });
});

describe('the client with a cookie', () => {
  let app: TestApp;
  let jar: BrowserJar;

  beforeAll(async () => {
    app = await TestApp.start({ env: { REFRESH_COOKIE: 'on', CORS_ORIGINS: PAGE } });
    jar = new BrowserJar(app);
  });
  afterAll(() => app.close());

  const withTab = async <T>(act: (tab: Tandem, storage: TextStorage) => Promise<T>): Promise<T> => {
    const storage = sharedStorage(true);
    const tab = createTandem({
      url: app.baseUrl,
      storage,
      async fetch(input, init) {
        const response = await fetch(input, jar.added(init!));
        jar.keep(response);
        return response;
      },
    });
    return act(tab, storage).finally(() => tab.dispose());
  };
  const logInOnPage = async () => {
    const { mobile, code } = await app.requestCode();
    return jar.send('POST', '/auth/tokens', { mobile, code, session: 'cookie' });
  };

  it('takes up a login of another page, and has nothing to take up without one', () =>
    withTab(async (tab, storage) => {
      const without = await tab.resume();
      const { body } = await logInOnPage();

      const resumed = await tab.resume();

      expect([without.status, resumed.status]).toEqual(['anonymous', 'fresh']);
      expect(await tab.sessions()).toMatchObject([{ id: body.session_id, current: true }]);
      expect(await storage.getItem(`tandem ${app.baseUrl}`)).toContain('"refresh":""');
    }));

  it('goes over to the session of its cookie when another page has logged in', () =>
    withTab(async (tab) => {
      await logInOnPage();
      await tab.resume();
      const before = await tab.sessions();
      const { body } = await logInOnPage();

      const answer = await tab.fetch('/users/me');
      const after = await tab.sessions();

      expect([answer.status, after[0]!.id]).toEqual([200, body.session_id]);
      expect(after[0]!.id).not.toBe(before[0]!.id);
    }));
});
