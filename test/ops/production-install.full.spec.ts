import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCli } from '../support/cli';
import { emptyDirectory, ServerProcess } from '../support/server-process';
import { freshStores, MODES } from '../support/stores';

const ROOT = resolve(__dirname, '../..');
const INSTALL_MS = 300_000;
const MAX_PACKAGES = 185;
const MAX_BYTES = 105_000_000;

describe('npm ci --omit=dev', () => {
  let root: string;

  beforeAll(() => {
    root = cloneWithBuild();
    execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: 'ignore',
    });
  }, INSTALL_MS);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('installs at most 185 packages and 105 MB, with neither SMS SDKs nor @nestjs/swagger', () => {
    const modules = join(root, 'node_modules');
    const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'));
    const installed = Object.keys(packages).filter((path) => !packages[path].link);

    expect(installed.length).toBeLessThanOrEqual(MAX_PACKAGES);
    expect(bytesBelow(modules)).toBeLessThanOrEqual(MAX_BYTES);
    for (const name of ['twilio', '@nestjs/swagger', '@nestjs/platform-express', 'typescript']) {
      expect(existsSync(join(modules, name))).toBe(false);
    }
  });

  it.each(MODES)('serves with its documentation (%s)', async (mode) => {
    const env = { ...(await freshStores(mode)), JWT_SECRET: 'k'.repeat(16) + 'v'.repeat(32) };
    const server = await ServerProcess.start(env, emptyDirectory(), join(root, 'dist/main.js'));
    try {
      await server.untilReady();
      expect((await server.get('/docs-json')).body.openapi).toMatch(/^3\./);
      expect((await fetch(`${server.baseUrl}/docs`)).status).toBe(200);
      expect(await tandem(['users', 'disable', '1'], env)).toMatchObject({
        exitCode: 1,
        stderr: 'There is no such user.\n',
      });
    } finally {
      await server.stop();
    }
  });

  it('makes secrets', async () => {
    const { exitCode, stdout } = await tandem(['secret', '--json']);

    expect([exitCode, JSON.parse(stdout).secret]).toEqual([
      0,
      expect.stringMatching(/^[\w-]{64}$/),
    ]);
  });

  const tandem = (parameters: string[], env: Record<string, string> = {}) =>
    runCli(parameters, env, emptyDirectory(), join(root, 'dist/cli/main.js'));
});

/** What Git knows of this tree, and its build: production has no compiler. */
function cloneWithBuild(): string {
  const target = emptyDirectory();
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' });
  for (const file of [...files.split('\0').filter(Boolean), 'dist']) {
    if (existsSync(join(ROOT, file))) {
      cpSync(join(ROOT, file), join(target, file), { recursive: true });
    }
  }
  return target;
}

function bytesBelow(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.reduce((sum, file) => sum + lstatSync(join(file.parentPath, file.name)).size, 0);
}
