import type { Server } from 'node:http';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { E164 } from '../../src/common/phone-number';
import { User } from '../../src/users/user.entity';
import {
  axeViolations,
  bundled,
  describeBrowser,
  inNewContext,
  isTooWide,
  openChromium,
  startSite,
} from '../support/chromium';
import { letLieDormant } from '../support/dormant-numbers';
import { lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { changeNumber } from '../support/number-changes';
import { TestApp } from '../support/test-app';

const LIMITS = 'easy-codes-per-address=9/1h';
const TERMS = { TERMS_VERSION: '2026-01', TERMS_URL: 'https://app.example.com/terms' };

/** Of the page of an application, with the element in it. */
const SCRIPT = `import './packages/client/src/element/index.ts';
  addEventListener('login', ({ detail }) => (document.title = JSON.stringify(detail)));`;

const visible = (tab: Page, selector: string) => tab.locator(selector).waitFor();

describeBrowser('<tandem-login> in the page of an application', () => {
  let app: TestApp;
  let browser: Browser;
  let site: { server: Server; port: number };
  let script: string;
  let page = '';

  beforeAll(async () => {
    script = await bundled(SCRIPT);
    site = await startSite(() => page);
    const home = `http://localhost:${site.port}`;
    const SMS_COUNTRIES = 'CN,US,DE';
    const env = { CAPTCHA: 'altcha', LIMITS, CORS_ORIGINS: home, SMS_COUNTRIES, ...TERMS };
    [app, browser] = await Promise.all([TestApp.start({ env }), openChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
    site.server.close();
  });

  const visit = async (
    lang: string,
    act: (tab: Page) => Promise<void>,
    options: BrowserContextOptions = {},
  ): Promise<void> => {
    page = `<!doctype html><html lang="${lang}"><meta name="viewport" content="width=device-width">
      <title>Orders</title><style>:root { color-scheme: light dark } body { background: Canvas; color: CanvasText }</style><main><h1>Orders</h1>
      <tandem-login url="${app.baseUrl.replace('127.0.0.1', 'localhost')}"></tandem-login></main>
      <script>${script}</script>`;
    await inNewContext(browser, options, async (tab) => {
      await tab.goto(`http://localhost:${site.port}/`);
      await visible(tab, '#tandem-mobile');
      await act(tab);
    });
  };

  it('logs in with a national number and a code that comes as one event, and is there again after a logout', () =>
    visit('en', async (tab) => {
      const mobile = randomMobile();
      await tab.selectOption('#tandem-country', 'CN');
      await tab.fill('#tandem-mobile', mobile.slice(3));
      await tab.keyboard.press('Enter');
      await visible(tab, '#tandem-code:focus');
      const waits = await tab.locator('[data-step=resend] [aria-disabled]').count();

      await tab.keyboard.insertText(app.inbox.codeFor(mobile));
      await tab.waitForFunction('document.title.includes("isNewUser")');
      const left = await tab.locator('tandem-login > *').count();

      expect([waits, await tab.title(), left]).toEqual([1, '{"isNewUser":true}', 0]);
    }));

  const enterCode = async (tab: Page, mobile: string) => {
    await lapseCooldown(app, mobile);
    await tab.fill('#tandem-mobile', mobile);
    await tab.keyboard.press('Enter');
    await visible(tab, '#tandem-code:focus');
    await tab.keyboard.insertText(app.inbox.codeFor(mobile));
  };

  it('asks whose the account of a number is, opens another one, and notes the terms that it has shown', () =>
    visit('en', async (tab) => {
      const user = await app.logIn();
      await letLieDormant(app, user);

      await enterCode(tab, user.mobile);
      await visible(tab, '#tandem-password');
      const shown = [await axeViolations(tab), await tab.textContent(':focus')];
      await tab.getByRole('button', { name: 'No, it is not mine' }).click();
      await tab.waitForFunction('document.title.includes("isNewUser")');

      const users = app.sql.getRepository(User);
      const { termsVersion } = await users.findOneByOrFail({ mobile: user.mobile as E164 });
      expect(shown).toEqual([[], 'Is this account yours?']);
      expect([await tab.title(), termsVersion]).toEqual(['{"isNewUser":true}', '2026-01']);
    }));

  it('takes back an account whose number was changed, and logs nobody in', () =>
    visit('en', async (tab) => {
      const user = await app.logIn();
      await changeNumber(app, user);

      await enterCode(tab, user.mobile);
      await visible(tab, '[data-step=undo]');
      const shown = [await axeViolations(tab), await tab.textContent(':focus')];
      await tab.getByRole('button', { name: 'Take the account back' }).click();
      await visible(tab, 'text=The account has this number again.');
      await tab.getByRole('link', { name: 'Log in', exact: true }).click();
      await visible(tab, '#tandem-mobile');

      expect(shown).toEqual([[], 'The account of this number has another number now.']);
      expect((await app.get('/users/me', { token: user.token })).status).toBe(401);
    }));

  it('shows terms that have come into force since before it logs in', () =>
    visit('en', async (tab) => {
      await tab.route('**/auth/config', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), terms_version: '1' } });
      });
      await tab.reload();
      const mobile = randomMobile();
      await tab.fill('#tandem-mobile', mobile);
      await tab.keyboard.press('Enter');
      await visible(tab, '#tandem-code:focus');
      const code = app.inbox.codeFor(mobile);
      await tab.unroute('**/auth/config');

      await tab.keyboard.insertText(code);
      await visible(tab, 'text=This page was open for too long.');
      await tab.keyboard.insertText(code);
      await tab.keyboard.press('Enter');

      await tab.waitForFunction('document.title.includes("isNewUser")');
    }));

  it('gets the captcha that is asked for, and only then', () =>
    visit('en', async (tab) => {
      for (let code = 0; code < 9; code++) {
        await app.post('/auth/codes', { mobile: randomMobile() });
      }
      const mobile = randomMobile();
      await tab.fill('#tandem-mobile', mobile);
      await tab.keyboard.press('Enter');

      await visible(tab, '#tandem-code');

      expect(app.inbox.codeFor(mobile)).toHaveLength(6);
    }));

  it.each<[string, string, BrowserContextOptions]>([
    ['light', 'en', {}],
    ['dark', 'de', { colorScheme: 'dark' }],
    ['from right to left on a narrow screen', 'ar', { viewport: { width: 320, height: 640 } }],
  ])('is accessible, %s, and says what is wrong', (_look, lang, options) =>
    visit(
      lang,
      async (tab) => {
        const found: unknown[] = [await axeViolations(tab), await isTooWide(tab)];
        await tab.fill('#tandem-mobile', '+86 138');
        await tab.keyboard.press('Enter');
        await visible(tab, '#tandem-error');
        found.push(await axeViolations(tab), await isTooWide(tab));
        const described = await tab.getAttribute('#tandem-mobile', 'aria-describedby');

        expect([described, found]).toEqual(['tandem-error', [[], false, [], false]]);
      },
      options,
    ),
  );
});
