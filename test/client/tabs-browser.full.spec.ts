import { createServer, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { createTandem as CreateTandem, SessionState, Tandem } from '@tandem/client';
import type { Browser, Page } from 'playwright-core';
import { bundled, describeBrowser, openChromium, startSite } from '../support/chromium';
import { AT_FULL_SCALE } from '../support/scale';
import { TestApp } from '../support/test-app';

const TABS = 5;
const EXPIRIES = AT_FULL_SCALE ? 50 : 3;
const ACCESS_SECONDS = 2;

/** What a page of the test has. */
declare global {
  var createTandem: typeof CreateTandem;
  var tandem: Tandem;
  var endings: SessionState[];
}

interface LossyProxy {
  readonly server: Server;
  readonly port: number;
  lost: number;
  isLossy: boolean;
}

/** In front of the server: two refreshes of three are carried out and not answered. */
async function startLossyProxy(port: number): Promise<LossyProxy> {
  let refreshes = 0;
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const isLost = method === 'PUT' && proxy.isLossy && (refreshes += 1) % 3 > 0;
    const onward = send({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      if (isLost) {
        proxy.lost += 1;
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const proxy = { server, port: (server.address() as AddressInfo).port, lost: 0, isLossy: true };
  return proxy;
}

async function clientPage(): Promise<string> {
  const script = await bundled(
    `import { createTandem } from './packages/client/src/index.ts'; globalThis.createTandem = createTandem;`,
  );
  return `<!doctype html><title>App</title><script>${script}</script>`;
}

/** Asks again and again, as pages do. */
const ask = (tab: Page, milliseconds: number) =>
  tab.evaluate(async (duration) => {
    const end = performance.now() + duration;
    do {
      await globalThis.tandem.fetch('/users/me').catch(() => null);
      await new Promise((done) => setTimeout(done, 100));
    } while (performance.now() < end);
  }, milliseconds);

/** On a busy machine a token of two seconds may be over before it arrives. */
const untilServed = (tab: Page) =>
  tab.waitForFunction(async () => (await globalThis.tandem.fetch('/users/me')).status === 200);

describeBrowser('tabs in Chromium, behind a proxy that loses answers', () => {
  let app: TestApp;
  let browser: Browser;
  let site: { server: Server; port: number };
  let proxy: LossyProxy;

  beforeAll(async () => {
    const page = await clientPage();
    site = await startSite(() => page);
    const env = {
      ACCESS_TOKEN_TTL: `${ACCESS_SECONDS}s`,
      REFRESH_ROTATION: 'on',
      REFRESH_COOKIE: 'on',
      CORS_ORIGINS: `http://localhost:${site.port}`,
    };
    [app, browser] = await Promise.all([TestApp.start({ env }), openChromium()]);
    proxy = await startLossyProxy(Number(new URL(app.baseUrl).port));
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
    proxy.server.close();
    site.server.close();
  });

  const openTab = async (tab: Page, storage: 'local' | 'cookie') => {
    await tab.goto(`http://localhost:${site.port}/`);
    await tab.evaluate(
      ([url, kept]) => {
        globalThis.endings = [];
        globalThis.tandem = globalThis.createTandem({ url, storage: kept });
        globalThis.tandem.onChange((state) => {
          if (state.status === 'ended') globalThis.endings.push(state);
        });
      },
      [`http://localhost:${proxy.port}`, storage] as const,
    );
    return tab;
  };
  const tabsWith = async (storage: 'local' | 'cookie') => {
    const context = await browser.newContext();
    const tabs: Page[] = [];
    for (let opened = 0; opened < TABS; opened++) {
      tabs.push(await openTab(await context.newPage(), storage));
    }
    const { mobile, code } = await app.requestCode();
    await tabs[0]!.evaluate(
      async ([number, sent]) => void (await globalThis.tandem.logIn(number, sent)),
      [mobile, code] as const,
    );
    return tabs;
  };

  it(
    'rule 23: lose no session when access tokens expire, in either store',
    async () => {
      const tabs = [...(await tabsWith('local')), ...(await tabsWith('cookie'))];

      await Promise.all(tabs.map((tab) => ask(tab, EXPIRIES * ACCESS_SECONDS * 1000)));
      proxy.isLossy = false;
      await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.tandem.wake())));
      await Promise.all(tabs.map(untilServed));
      const endings = await Promise.all(tabs.map((tab) => tab.evaluate(() => globalThis.endings)));

      expect(endings.flat()).toEqual([]);
      expect(proxy.lost).toBeGreaterThan(EXPIRIES);
    },
    60_000 + EXPIRIES * ACCESS_SECONDS * 2000,
  );

  it('tell each other by the store alone in a browser without BroadcastChannel', async () => {
    const context = await browser.newContext();
    await context.addInitScript(() => void Reflect.deleteProperty(globalThis, 'BroadcastChannel'));
    const [one, other] = [
      await openTab(await context.newPage(), 'local'),
      await openTab(await context.newPage(), 'local'),
    ];
    const { mobile, code } = await app.requestCode();

    await one.evaluate(
      async ([number, sent]) => void (await globalThis.tandem.logIn(number, sent)),
      [mobile, code] as const,
    );
    await other.waitForFunction(() => globalThis.tandem.session().status !== 'anonymous');
    const hasChannel = await other.evaluate(() => 'BroadcastChannel' in globalThis);
    await one.evaluate(() => void globalThis.tandem.logOut());
    await other.waitForFunction(() => globalThis.tandem.session().status === 'ended');

    expect(hasChannel).toBe(false);
    expect(await other.evaluate(() => globalThis.tandem.session().reason)).toBe('logout');
    await context.close();
  });
});
