import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describeBrowser, openChromium } from '../support/chromium';
import { randomMobile } from '../support/mobile';
import { emptyDirectory } from '../support/server-process';
import { freePort } from '../support/servers/free-port';
import { until } from '../support/until';

const ROOT = resolve(__dirname, '../..');
const INSTALL_MS = 300_000;
const LOGIN_MS = 60_000;

/** What Git knows of this tree. */
function clone(): string {
  const target = emptyDirectory();
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  for (const file of files.split('\0').filter(Boolean)) {
    if (existsSync(join(ROOT, file)))
      cpSync(join(ROOT, file), join(target, file), { recursive: true });
  }
  return target;
}

/** The three of the README. */
function commandsIn(root: string): string[] {
  const readme = readFileSync(join(root, 'examples/web/README.md'), 'utf8');
  return [...readme.matchAll(/^\d\. .*`(.+)`/gm)].map(([, command]) => command!);
}

const isUp = async (url: string) => (await fetch(url).catch(() => null))?.ok === true;

describeBrowser('a fresh clone', () => {
  const started: ChildProcess[] = [];
  let root: string;
  let browser: Browser;
  let printed = '';

  /** As in a terminal of its own. */
  const run = (command: string, env: Record<string, string>) => {
    const child = spawn('sh', ['-c', `exec env ${command}`], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => (printed += data.toString()));
    }
    started.push(child);
  };

  beforeAll(async () => {
    root = clone();
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
    for (const { pid } of started) process.kill(-pid!, 'SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  it(
    'is three commands away from a login in a browser, and a minute once packages are there',
    async () => {
      const [install, server, page] = commandsIn(root);
      const [port, home] = [String(await freePort()), String(await freePort())];
      const url = `http://localhost:${port}`;
      execFileSync('sh', ['-c', `${install} --no-audit --no-fund`], { cwd: root, stdio: 'ignore' });
      const begun = Date.now();

      run(server!.replaceAll('8080', home), { PORT: port });
      run(page!, { PORT: home, TANDEM_URL: url });
      await until(() => isUp(`${url}/health/ready`), LOGIN_MS / 1000);
      await until(() => isUp(`http://localhost:${home}/`), LOGIN_MS / 1000);
      const tab = await (await browser.newContext()).newPage();
      await logIn(tab, `http://localhost:${home}/`);

      expect(Date.now() - begun).toBeLessThan(LOGIN_MS);
    },
    INSTALL_MS + LOGIN_MS,
  );

  async function logIn(tab: Page, home: string): Promise<void> {
    const mobile = randomMobile();
    await tab.goto(home);
    await tab.fill('#tandem-mobile', mobile);
    await tab.keyboard.press('Enter');
    await tab.locator('#tandem-code:focus').waitFor();
    await until(() => printed.includes(`SMS to ${mobile}`));
    const [, code] = /: .*?(?<!\d)(\d{6})(?!\d)/.exec(printed.slice(printed.indexOf(mobile)))!;
    await tab.keyboard.insertText(code!);
    await tab.locator('#who', { hasText: `Logged in with ${mobile}.` }).waitFor();
  }
});
