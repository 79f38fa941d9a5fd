import type { Page } from 'playwright-core';
import { openChromium } from '../../test/support/open-chromium';
import {
  type ConsoleOperator,
  type ConsoleServer,
  consoleUrl,
  openConsole,
} from '../../test/support/console';
import { quantiles, type Waits } from './waits';

const FIRST_MS = 1000;
const SCREEN_MS = 300;
const VISITS = 20;

/** As the browser has them: from a click or an address to what is on the screen. */
export async function screenWaits(
  server: ConsoleServer,
  operator: ConsoleOperator,
  idOf: (n: number) => string,
): Promise<Waits[]> {
  const browser = await openChromium();
  try {
    const page = await browser.newPage({ bypassCSP: true });
    await openConsole(server, page, operator, '/find');
    return [
      await timed('first screen, with nothing in the cache', FIRST_MS, () =>
        firstScreen(page, server),
      ),
      await timed('a user, in the console', SCREEN_MS, (n) => userScreen(page, idOf(n))),
    ];
  } finally {
    await browser.close();
  }
}

async function timed(name: string, most: number, visit: (n: number) => Promise<number>) {
  const times: number[] = [];
  for (let n = 0; n < VISITS; n++) times.push(await visit(n));
  return { name, most, ...quantiles(times) };
}

/** With nothing in the cache. @returns milliseconds. */
export async function firstScreen(page: Page, server: ConsoleServer): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await page.goto(consoleUrl(server));
  return shownAt(page, '.figures');
}

/** By the field that is on every screen. */
async function userScreen(page: Page, id: string): Promise<number> {
  await page.fill('input[type=search]', id);
  const startedAt = await page.evaluate(() => performance.now());
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/users/${id}`);
  return (await shownAt(page, '.answer')) - startedAt;
}

/** In milliseconds since the page began. */
async function shownAt(page: Page, selector: string): Promise<number> {
  const moment = await page.waitForFunction((wanted) => {
    const { document } = globalThis as unknown as {
      document: { querySelector(text: string): unknown };
    };
    return document.querySelector(wanted) ? performance.now() : 0;
  }, selector);
  return moment.jsonValue();
}
