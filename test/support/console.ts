import type { Page } from 'playwright-core';
import { newOperator } from './operators';
import type { TestApp } from './test-app';

export const CONSOLE = {
  CONSOLE: 'on',
  LOGIN_PAGE: 'on',
  REFRESH_COOKIE: 'on',
  LIMITS: 'code-cooldown=99/1h,codes-per-address=999/1h',
};

/** Where it is served, and the phones. */
export type ConsoleServer = Pick<TestApp, 'baseUrl' | 'inbox'>;

export interface ConsoleOperator {
  readonly id: string;
  readonly mobile: string;
  readonly password: string;
  /** Of another session than that of the browser. */
  readonly token: string;
}

export async function newConsoleOperator(app: TestApp, role: string): Promise<ConsoleOperator> {
  const { id, mobile, token, credentials } = await newOperator(app, role);
  return { id, mobile, token, password: credentials.password };
}

/** Browsers keep cookies of this host without https. */
export const consoleUrl = ({ baseUrl }: Pick<ConsoleServer, 'baseUrl'>) =>
  `${baseUrl.replace('127.0.0.1', 'localhost')}/console`;

/** The whole way in: the link, a code, and the password. */
export async function openConsole(
  app: ConsoleServer,
  page: Page,
  { mobile, password }: ConsoleOperator,
  path = '',
): Promise<void> {
  await page.goto(consoleUrl(app) + path);
  await page.click('a.main');
  await page.fill('#mobile', mobile);
  await page.click('main button');
  await page.waitForSelector('#code');
  await page.fill('#code', app.inbox.codeFor(mobile));
  await page.keyboard.press('Enter');
  await page.fill('input[type=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.shell h1');
}
