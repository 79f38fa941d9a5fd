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
const wide = (digit: string) => String.fromCodePoint(0xff10 + Number(digit));
/** What a phone has, with its message in our hands. */
const WEB_OTP = `globalThis.OTPCredential = true;
  Object.defineProperty(navigator, 'credentials', {
    value: { get: () => new Promise((done) => { globalThis.handOver = (code) => done({ code }); }) },
  });`;
const NARROW = { width: 320, height: 640 };

describeBrowser('the login page in Chromium', () => {
  let app: TestApp;
  let browser: Browser;
  let site: { server: Server; port: number };
  let url: string;
  /** What the other site shows. */
  let page = '';

  beforeAll(async () => {
    site = await startSite(() => page);
    const home = `http://localhost:${site.port}/`;
    const env = {
      LOGIN_PAGE: 'on',
      LOGIN_RETURN_TO: home,
      REFRESH_COOKIE: 'on',
      CAPTCHA: 'altcha',
      LIMITS: 'easy-codes-per-address=20/1h',
    };
    [app, browser] = await Promise.all([TestApp.start({ env }), openChromium()]);
    url = app.baseUrl.replace('127.0.0.1', 'localhost');
  });
  beforeEach(() => {
    page = '<h1>Welcome</h1>';
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
    site.server.close();
  });

  const visit = <T>(options: BrowserContextOptions, act: (tab: Page) => Promise<T>) =>
    inNewContext(browser, options, act);
  const askForCode = async (tab: Page, lang = 'en') => {
    const mobile = randomMobile();
    await tab.goto(`${url}/login?lang=${lang}`);
    await tab.fill('#mobile', mobile);
    await tab.click('main button');
    await tab.waitForSelector('#code');
    return mobile;
  };

  it('logs in with JavaScript switched off, by a code that comes as one event, and leads back', () =>
    visit({ javaScriptEnabled: false }, async (tab) => {
      const mobile = await askForCode(tab);
      await tab.keyboard.insertText(app.inbox.codeFor(mobile));
      await tab.keyboard.press('Enter');
      await tab.waitForURL(`http://localhost:${site.port}/`);

      const cookies = await tab.context().cookies(url);
      const session = cookies.find(({ name }) => name === '__Host-tandem-a');

      expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' });
      expect(cookies.map(({ name }) => name)).toContain('__Host-tandem-device');
    }));

  it('sends a code by itself that comes as one event, be it all of the message in full-width digits', () =>
    visit({}, async (tab) => {
      const mobile = await askForCode(tab);
      const digits = app.inbox.codeFor(mobile).replaceAll(/\d/g, (digit) => wide(digit));

      await tab.keyboard.insertText(`${digits} is your code. It is good for 5 minutes.`);

      await tab.waitForURL(`http://localhost:${site.port}/`);
    }));

  it('takes the code that WebOTP hands over', () =>
    visit({}, async (tab) => {
      await tab.addInitScript(WEB_OTP);
      const mobile = await askForCode(tab);

      await tab.evaluate(`handOver('${app.inbox.codeFor(mobile)}')`);

      await tab.waitForURL(`http://localhost:${site.port}/`);
    }));

  it('lets nobody ask for another code before it is time, and counts down to that', () =>
    visit({}, async (tab) => {
      await askForCode(tab);
      const wait = tab.locator('[data-wait]');
      const [before, button] = [await wait.textContent(), tab.locator('[data-step=resend] button')];

      await button.press('Enter');
      await wait.and(tab.locator(`:not(:text-is("${before}"))`)).waitFor();

      expect(await button.getAttribute('aria-disabled')).toBe('true');
      expect(await tab.locator('#error:visible').count()).toBe(0);
    }));

  it('shows the country of a number that is pasted with its code', () =>
    visit({}, async (tab) => {
      await tab.goto(`${url}/login`);
      await tab.fill('#mobile', '００49 1512-345');

      expect(await tab.inputValue('#country')).toBe('DE');
    }));

  it.each<[string, string, BrowserContextOptions]>([
    ['light', 'en', {}],
    ['dark', 'de', { colorScheme: 'dark' }],
    ['from right to left on a narrow screen, as of 200 % zoom', 'ar', { viewport: NARROW }],
    ['in long words on a narrow screen', 'ru', { viewport: NARROW }],
    [
      'dark, from right to left on a narrow screen',
      'ar',
      { colorScheme: 'dark', viewport: NARROW },
    ],
  ])('is accessible, %s', (_look, lang, options) =>
    visit({ ...SCRIPTED, ...options }, async (tab) => {
      const found: unknown[] = [];
      const look = async () => found.push(await axeViolations(tab), await isTooWide(tab));
      await tab.goto(`${url}/login?lang=${lang}`);
      await look();
      await tab.goto(`${url}/login/password?lang=${lang}`);
      await look();
      await askForCode(tab, lang);
      await look();
      await tab.fill('#code', '000000');
      await tab.waitForSelector('#error');
      await look();

      expect(found).toEqual([[], false, [], false, [], false, [], false]);
    }),
  );

  it('takes no form of another site, and is shown in no frame', () =>
    visit({}, async (tab) => {
      const mobile = randomMobile();
      await tab.goto(`${url}/login`);
      const token = await tab.inputValue('input[name=form]');
      page = `<form method="post" action="${url}/login/code"><input name="form" value="${token}">
        <input name="mobile" value="${mobile}"><button>Win</button></form><iframe src="${url}/login"></iframe>`;

      await tab.goto(`http://127.0.0.1:${site.port}/`);
      const frame = await tab.frames()[1]!.locator('#mobile').count();
      const [answer] = await Promise.all([
        tab.waitForResponse((response) => response.url().endsWith('/login/code')),
        tab.click('button'),
      ]);

      expect([frame, answer.status()]).toEqual([0, 403]);
      expect(app.inbox.messages.filter(({ to }) => to === mobile)).toEqual([]);
    }));

  it('gets the captcha that is asked for by itself, and sends the code', () =>
    visit({}, async (tab) => {
      for (let code = 0; code < 20; code++) {
        await app.post('/auth/codes', { mobile: randomMobile() });
      }

      const mobile = await askForCode(tab);

      expect(app.inbox.codeFor(mobile)).toHaveLength(6);
    }));

  it('gets it on the account page, too, for a number that the page does not show', () =>
    visit({}, async (tab) => {
      const mobile = await askForCode(tab);
      await tab.fill('#code', app.inbox.codeFor(mobile));
      await tab.waitForURL(`http://localhost:${site.port}/`);
      await tab.goto(`${url}/account/deletion`);
      await tab.check('[name=sure]');

      await tab.click('main button');
      await tab.waitForSelector('#code');

      expect(app.inbox.messages.at(-1)).toMatchObject({ to: mobile, purpose: 'deletion' });
    }));

  it('says without JavaScript that there is a captcha, how long, and where to go', () =>
    visit({ javaScriptEnabled: false }, async (tab) => {
      await tab.goto(`${url}/login?lang=en`);
      await tab.fill('#mobile', randomMobile());
      await tab.click('main button');

      await tab
        .getByRole('alert')
        .getByText(/log in with a password\. Try again in \d+ minutes\.$/)
        .waitFor();
    }));
});
