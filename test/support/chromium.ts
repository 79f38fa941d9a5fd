import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { pathOf } from './servers/installed';

export { openChromium } from './open-chromium';

/** `describe`, or a skip where there is no Chromium. */
export const describeBrowser = pathOf('chromium') ? describe : describe.skip;

/** Opens a page with cookies of its own. */
export async function inNewContext<T>(
  browser: Browser,
  options: BrowserContextOptions,
  act: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options);
  return act(await context.newPage(), context).finally(() => context.close());
}

/** A script for the pages of applications, with the modules of the client that it imports. */
export async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '.', loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  return outputFiles[0]!.text;
}

/** The site of somebody else, which shows one page at every path. `localhost` and `127.0.0.1` are two sites. */
export async function startSite(page: () => string): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: (server.address() as AddressInfo).port };
}

let axe: string | undefined;

/** The ids of what axe-core finds wrong with a page. */
export async function axeViolations(page: Page): Promise<string[]> {
  axe ??= readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string }[] }> };
    };
    return (await checker.run()).violations.map(({ id }) => id);
  });
}

/** Whether a page has to be moved sideways to be read. */
export const isTooWide = (page: Page) =>
  page.evaluate(() => {
    const { document: shown, innerWidth } = globalThis as unknown as {
      document: { documentElement: { scrollWidth: number } };
      innerWidth: number;
    };
    return shown.documentElement.scrollWidth > innerWidth;
  });
