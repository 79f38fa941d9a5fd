import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeBrowser, openChromium } from '../support/chromium';
import { randomMobile } from '../support/mobile';
import { ServerProcess } from '../support/server-process';
import { freePort } from '../support/servers/free-port';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { until } from '../support/until';

const ROOT = resolve(__dirname, '../..');
const README = readFileSync(resolve(ROOT, 'examples/web/README.md'), 'utf8');

/** `LOGIN_PAGE=on … npm start`, as the README has it. */
function variablesOf(readme: string): Record<string, string> {
  const [, variables] = /`((?:\w+=\S+ )+)npm start`/.exec(readme)!;
  return Object.fromEntries(
    variables!
      .trim()
      .split(' ')
      .map((one) => one.split('=')),
  );
}

const says = (tab: Page, text: string) => tab.locator('#who', { hasText: text }).waitFor();

describeBrowser('examples/web', () => {
  let inbox: SmsInbox;
  let server: ServerProcess;
  let page: ChildProcess;
  let browser: Browser;
  let home: string;

  beforeAll(async () => {
    home = `http://localhost:${await freePort()}/`;
    inbox = await SmsInbox.open();
    const written = Object.entries(variablesOf(README)).map(([name, value]) => [
      name,
      value.replace('http://localhost:8080', home.slice(0, -1)),
    ]);
    server = await ServerProcess.start({
      ...smsEnv(inbox),
      LOG_LEVEL: 'info',
      ...Object.fromEntries(written),
    });
    const TANDEM_URL = server.baseUrl.replace('127.0.0.1', 'localhost');
    const env = { ...process.env, PORT: new URL(home).port, TANDEM_URL };
    page = spawn(process.execPath, ['examples/web/serve.mjs'], { cwd: ROOT, env });
    await Promise.all([once(page.stdout!, 'data'), openChromium().then((one) => (browser = one))]);
  });
  afterAll(async () => {
    await browser.close();
    page.kill();
    await server.stop();
    await inbox.close();
  });

  it('logs in on the page of the server, in all tabs, and out again', async () => {
    const [context, mobile] = [await browser.newContext(), randomMobile()];
    const [tab, other] = [await context.newPage(), await context.newPage()];
    await other.goto(home);
    await tab.goto(home);
    await says(tab, 'Nobody is logged in.');

    await tab.click('#log-in');
    await tab.fill('#mobile', mobile);
    await tab.click('main button');
    await tab.fill('#code', inbox.codeFor(mobile));
    await Promise.all([tab, other].map((one) => says(one, `Logged in with ${mobile}.`)));
    await tab.reload();
    await says(tab, `Logged in with ${mobile}.`);
    await other.click('#log-out');
    await Promise.all([tab, other].map((one) => says(one, 'Nobody is logged in.')));

    expect(
      await context.cookies(server.baseUrl.replace('127.0.0.1', 'localhost')),
    ).not.toContainEqual(expect.objectContaining({ name: '__Host-tandem-a' }));
  });

  it('logs in by the form in the page, and shows it again after a logout', async () => {
    const [context, mobile] = [await browser.newContext(), randomMobile()];
    const tab = await context.newPage();
    await tab.goto(home);

    await tab.fill('#tandem-mobile', mobile);
    await tab.keyboard.press('Enter');
    await tab.locator('#tandem-code:focus').waitFor();
    await tab.keyboard.insertText(inbox.codeFor(mobile));
    await says(tab, `Logged in with ${mobile}.`);
    await tab.click('#log-out');
    await tab.locator('#tandem-mobile').waitFor();

    await until(async () => (await context.cookies(home)).length === 0);
    expect(await context.cookies(home)).toEqual([]);
  });
});
