import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations, describeBrowser, isTooWide } from '../support/chromium';
import {
  type ConsoleOperator,
  consoleUrl,
  newConsoleOperator,
  openConsole,
} from '../support/console';
import { consoleSetting } from '../support/console-setting';
import { userIdOf } from '../support/jwt';

describeBrowser('the console in Chromium', () => {
  const at = consoleSetting();
  let support: ConsoleOperator;

  beforeAll(async () => {
    support = await newConsoleOperator(at.app, 'support');
  });

  const visit = (act: (page: Page, context: BrowserContext) => Promise<void>) =>
    at.visit({ bypassCSP: true }, act);

  it('opens to a code and a password, finds a user by number, and acts on the diagnosis', () =>
    visit(async (page) => {
      const { mobile, token } = await at.app.logIn();
      const id = userIdOf(token);
      await openConsole(at.app, page, support, '/find');

      await page.keyboard.press('/');
      await page.keyboard.type(mobile);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${consoleUrl(at.app)}/users/${id}`);
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
