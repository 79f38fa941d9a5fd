import type { Server } from 'node:http';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import {
  axeViolations,
  describeBrowser,
  inNewContext,
  isTooWide,
  openChromium,
  startSite,
} from '../support/chromium';
import { randomMobile } from '../support/mobile';
import { TestApp } from '../support/test-app';

const SCRIPTED = { bypassCSP: true };
const NARROW = { width: 320, height: 640 };
const PASSWORD = 'correct horse battery';

describeBrowser('the account page in Chromium', () => {
  let app: TestApp;
  let browser: Browser;
  let site: { server: Server; port: number };
  let url: string;
  /** What the other site shows. */
  let page = '<h1>Welcome</h1>';

  beforeAll(async () => {
    site = await startSite(() => page);
    const home = `http://localhost:${site.port}/`;
    const env = {
      LOGIN_PAGE: 'on',
      LOGIN_RETURN_TO: home,
      REFRESH_COOKIE: 'on',
      LIMITS: 'code-cooldown=99/1h,codes-per-address=99/1h',
    };
    [app, browser] = await Promise.all([TestApp.start({ env }), openChromium()]);
    url = app.baseUrl.replace('127.0.0.1', 'localhost');
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
    site.server.close();
  });

  const visit = <T>(options: BrowserContextOptions, act: (tab: Page) => Promise<T>) =>
    inNewContext(browser, options, act);
  const logIn = async (tab: Page, lang = 'en') => {
    const mobile = randomMobile();
    await tab.goto(`${url}/account?lang=${lang}`);
    await tab.fill('#mobile', mobile);
    await tab.click('main button');
    await tab.fill('#code', app.inbox.codeFor(mobile));
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('#profile');
    return mobile;
  };

  it.each([
    ['off', { javaScriptEnabled: false }],
    ['on', {}],
  ])(
    'is walked through with JavaScript %s, by the keyboard alone where a form has one field',
    (_, options) =>
      visit(options, async (tab) => {
        const mobile = await logIn(tab);
        const fresh = randomMobile();

        await tab.fill('#name', 'Li Wei');
        await tab.keyboard.press('Enter');
        await tab.waitForSelector('[role=status]');
        await tab.click('a[href*="/account/password"]');
        await tab.fill('#password', PASSWORD);
        await tab.keyboard.press('Enter');
        await tab.waitForSelector('[role=status]');
        await tab.click('a[href*="/account/number"]');
        await tab.fill('#mobile', fresh);
        await tab.keyboard.press('Enter');
        await tab.waitForSelector('#code');
        await tab.keyboard.insertText(app.inbox.codeFor(fresh));
        await tab.keyboard.press('Enter');
        await tab.waitForSelector('[role=status]');
        const shown = await tab.textContent('main');
        await tab.click('a[href*="/account/deletion"]');
        await tab.check('[name=sure]');
        await tab.click('main button');
        await tab.waitForSelector('#code');
        await tab.keyboard.insertText(app.inbox.codeFor(fresh));
        await tab.keyboard.press('Enter');
        await tab.waitForSelector('text=This account will be deleted on');
        await tab.goto(`${url}/account`);

        expect(shown).toContain(`${fresh.slice(0, -8)}****`);
        expect(shown).not.toContain(mobile);
        expect(new URL(tab.url()).pathname).toBe('/login');
      }),
  );

  it.each<[string, string, BrowserContextOptions]>([
    ['dark', 'de', { colorScheme: 'dark' }],
    ['light, from right to left on a narrow screen, as of 200 % zoom', 'ar', { viewport: NARROW }],
    [
      'dark, from right to left on a narrow screen',
      'ar',
      { colorScheme: 'dark', viewport: NARROW },
    ],
  ])('is accessible, %s', (_look, lang, options) =>
    visit({ ...SCRIPTED, ...options }, async (tab) => {
      const found: [page: string, violations: string[], isTooWide: boolean][] = [];
      await logIn(tab, lang);
      for (const path of ['', '/password', '/number', '/deletion', '/export', '/confirm']) {
        await tab.goto(`${url}/account${path}?lang=${lang}`);
        found.push([path, await axeViolations(tab), await isTooWide(tab)]);
      }
      await tab.click('main button');
      await tab.fill('#code', '000000');
      await tab.keyboard.press('Enter');
      await tab.waitForSelector('#error');
      found.push(['code', await axeViolations(tab), await isTooWide(tab)]);

      const wrong = found.filter(([, violations, isWide]) => violations.length > 0 || isWide);

      expect([found.length, wrong]).toEqual([7, []]);
    }),
  );

  it('takes no form of another site, and is shown in no frame', () =>
    visit({}, async (tab) => {
      await logIn(tab);
      const token = await tab.inputValue('input[name=form] >> nth=0');
      page = `<form method="post" action="${url}/account/name"><input name="form" value="${token}">
        <input name="name" value="Mallory"><button>Win</button></form><iframe src="${url}/account"></iframe>`;

      await tab.goto(`http://127.0.0.1:${site.port}/`);
      const frame = await tab.frames()[1]!.locator('#profile').count();
      await tab.click('button');
      await tab.waitForURL((shown) => shown.href.startsWith(url));
      await tab.goto(`${url}/account`);

      expect(frame).toBe(0);
      expect(await tab.inputValue('#name')).not.toBe('Mallory');
    }));
});
