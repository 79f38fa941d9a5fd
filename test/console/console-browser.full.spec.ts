import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  axeViolations,
  describeBrowser,
  inNewContext,
  isTooWide,
  openChromium,
} from '../support/chromium';
import {
  CONSOLE,
  type ConsoleOperator,
  consoleUrl,
  newConsoleOperator,
  openConsole,
} from '../support/console';
import { userIdOf } from '../support/jwt';
import { TestApp } from '../support/test-app';

describeBrowser('the console in Chromium', () => {
  let app: TestApp;
  let browser: Browser;
  let support: ConsoleOperator;

  beforeAll(async () => {
    [app, browser] = await Promise.all([TestApp.start({ env: CONSOLE }), openChromium()]);
    support = await newConsoleOperator(app, 'support');
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  const visit = (act: (page: Page, context: BrowserContext) => Promise<void>) =>
    inNewContext(browser, { bypassCSP: true }, act);

  it('opens to a code and a password, finds a user by number, and acts on the diagnosis', () =>
    visit(async (page) => {
      const { mobile, token } = await app.logIn();
      const id = userIdOf(token);
      await openConsole(app, page, support, '/find');

      await page.keyboard.press('/');
      await page.keyboard.type(mobile);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${consoleUrl(app)}/users/${id}`);
      await page.getByRole('button', { name: 'Disable' }).click();
      await page.fill('dialog input', 'ticket 1');
      await page.keyboard.press('Enter');
      await page.locator('.answer').getByText('This account is disabled.').waitFor();
      await page.locator('.answer').getByRole('button', { name: 'Enable' }).click();
      await page.fill('dialog input', 'ticket 2');
      await page.keyboard.press('Enter');
      await page.locator('.answer:not(.bad)').waitFor();

      expect(page.url()).not.toContain(mobile.slice(-8));
      expect(await page.locator('main').textContent()).not.toContain(mobile);
      expect(await axeViolations(page)).toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await isTooWide(page)).toBe(false);
    }));
});
