import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { inNewContext, openChromium } from './chromium';
import { CONSOLE } from './console';
import { TestApp } from './test-app';

interface ConsoleSetting {
  readonly app: TestApp;
  readonly browser: Browser;
  readonly visit: (
    options: BrowserContextOptions,
    act: (page: Page, context: BrowserContext) => Promise<void>,
  ) => Promise<void>;
}

/** A server with the console, and a browser, for the tests around the call. */
export function consoleSetting(env: Record<string, string> = {}): ConsoleSetting {
  let app: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    const settings = { env: { ...CONSOLE, ...env } };
    [app, browser] = await Promise.all([TestApp.start(settings), openChromium()]);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await browser.close();
    await app.close();
  });
  return {
    get app() {
      return app;
    },
    get browser() {
      return browser;
    },
    visit: (options, act) => inNewContext(browser, options, act),
  };
}
