import type { Page } from 'playwright-core';
import { describeBrowser } from '../support/chromium';
import { consoleUrl, newConsoleOperator, openConsole } from '../support/console';
import { consoleSetting } from '../support/console-setting';
import { randomMobile } from '../support/mobile';

describeBrowser('support in the console', () => {
  const at = consoleSetting();
  let page: Page;

  beforeAll(async () => {
    page = await at.browser.newPage();
    await openConsole(at.app, page, await newConsoleOperator(at.app, 'support'), '/find');
  });

  const find = async (text: string) => {
    await page.goto(`${consoleUrl(at.app)}/find`);
    await page.fill('#query', text);
    await page.keyboard.press('Enter');
  };
  const answers = (sentence: string) => page.locator('.answer').getByText(sentence).waitFor();

  it('“the code never arrives”: finds the number, and says that the provider refused it', async () => {
    const mobile = randomMobile();
    at.app.inbox.statusOf.set(mobile, 400);
    await at.app.post('/auth/codes', { mobile });

    await find(mobile);
    await page.waitForURL(/\/numbers\//);
    await answers('The last message could not be sent.');

    expect(page.url()).not.toContain(mobile.slice(-8));
  });

  it('“my code is invalid”: says which it was, and lifts what is used up', async () => {
    const { mobile } = await at.app.requestCode();
    const wrong = at.app.inbox.codeFor(mobile) === '111111' ? '222222' : '111111';
    for (let guess = 0; guess < 2; guess++)
      await at.app.post('/auth/tokens', { mobile, code: wrong });

    await find(mobile);
    await page.waitForURL(/\/numbers\//);
    await answers('The last code that was typed is wrong.');
    await page.getByRole('button', { name: 'Lift limits' }).first().click();
    await page.getByText('These limits begin anew').waitFor();
  });

  it('locks after a quarter of an hour without a key or a click, and opens to the password', async () => {
    await page.evaluate(() =>
      localStorage.setItem('tandem console active', String(Date.now() - 16 * 60_000)),
    );
    await page.reload();
    await page.getByText('Nobody has used the console for a while.').waitFor();

    expect(await page.locator('.shell').count()).toBe(0);
  });
});
