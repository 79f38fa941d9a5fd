import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { emptyDirectory } from '../support/server-process';
import { type RunningShop, Shop } from '../support/shop';

const MOBILE = '+8613800000001';
const isOnline = () => spawnSync('npm', ['view', '@nestjs/common', 'version']).status === 0;
/** It installs two applications' worth of packages from the registry. */
const describeOnline = process.env.CI || isOnline() ? describe : describe.skip;
if (describeOnline === describe.skip) {
  console.warn('The packages are not installed into an application: npm is offline');
}

const PEERS = Object.keys(
  JSON.parse(readFileSync('packages/nest/package.json', 'utf8')).peerDependencies,
);

/** What the shop did before there was a Tandem, and must do after. */
const OWN = [
  ['GET', '/shop/users'],
  ['POST', '/shop/users', '{"email":"a@example.com"}'],
  ['POST', '/shop/users', '{"email":"nobody","more":1}'],
  ['POST', '/shop/users', '{"email":'],
  ['GET', '/shop/sold-out'],
  ['GET', '/shop/broken'],
  ['GET', '/'],
  ['GET', '/auth'],
  ['GET', '/nowhere'],
  ['GET', '/docs'],
  ['GET', '/metrics'],
  ['GET', '/health/live'],
  ['OPTIONS', '/shop/users'],
] as const;

async function ownAnswers(server: RunningShop): Promise<object[]> {
  const answers = [];
  for (const [method, path, body] of OWN) {
    answers.push(await server.answer(method, path, { body }));
  }
  return answers;
}

describeOnline('a Nest application on Express that installs the packages', () => {
  const shop = new Shop();
  const packages = emptyDirectory();
  let before: object[];
  let running: RunningShop;

  const tarball = (name: string) =>
    join(
      packages,
      readdirSync(packages).find((file) => file.startsWith(`tandem-${name}-`))!,
    );

  beforeAll(async () => {
    execFileSync('npm', ['run', '-s', 'pack', '--', packages]);
    shop.install();
    shop.build();
    running = await shop.start();
    before = await ownAnswers(running);
    await running.stop();
    shop.run('rm', ['shop.sqlite']);
    shop.install(tarball('nest'), tarball('verifier'));
    shop.embed();
    shop.build();
    running = await shop.start();
  }, 600_000);
  afterAll(() => running?.stop());

  it('rule 25: answers its own requests byte for byte as before', async () => {
    expect(await ownAnswers(running)).toEqual(before);
  });

  it('keeps its tables, and its list of migrations', () => {
    const tables = shop.rows("SELECT name FROM sqlite_schema WHERE type = 'table'");
    const [own, ours] = [false, true].map((isOurs) =>
      tables.filter((name) => name.startsWith('tandem_') === isOurs).toSorted(),
    );

    expect(own).toEqual(['migrations', 'sqlite_sequence', 'users']);
    expect(ours).toEqual(expect.arrayContaining(['tandem_migrations', 'tandem_users']));
    expect(shop.rows('SELECT name FROM migrations')).toEqual(['CreateUsers1700000000000']);
  });

  it('adds at most 15 lines', () => {
    const [one, other] = ['shop', 'shop-with-tandem'].map((name) => resolve(__dirname, name));
    const { stdout } = spawnSync('diff', ['-r', '-x', '*.test.ts', one!, other!]);
    const added = String(stdout).match(/^> .*\S/gm) ?? [];

    expect(added.length).toBeGreaterThan(5);
    expect(added.length).toBeLessThanOrEqual(15);
  });

  it.each(PEERS)('has one copy of %s, or none', (name) => {
    expect(shop.copiesOf(name).length).toBeLessThanOrEqual(1);
  });

  it('lets people log in by phone, and guards what it wants guarded', async () => {
    await running.answer('POST', '/auth/codes', { body: JSON.stringify({ mobile: MOBILE }) });
    const [, code] = await running.printed(/SMS to \+\d+: .*?(\d{6})/);
    const body = JSON.stringify({ mobile: MOBILE, code });
    const { token } = JSON.parse((await running.answer('POST', '/auth/tokens', { body })).body);

    expect((await running.answer('GET', '/shop/orders', { token })).status).toBe(200);
    expect((await running.answer('GET', '/shop/orders')).status).toBe(401);
  });

  it('has the commands of its operators', () => {
    const env = { ...process.env, TANDEM_DATABASE_URL: 'sqlite:shop.sqlite' };

    const printed = execFileSync('node_modules/.bin/tandem', ['users', 'disable', MOBILE], {
      cwd: shop.folder,
      env,
      encoding: 'utf8',
    });

    expect(printed).toMatch(/^User \d+ is disabled\.$/m);
  });

  it('tests its modules with plain Jest and the preset', () => {
    shop.install('--save-dev', 'jest@30', '@swc/core@1', '@swc/jest@0', '@nestjs/testing@12');
    const { status, stderr } = spawnSync(
      process.execPath,
      ['node_modules/jest/bin/jest.js', '--preset', '@tandem/nest'],
      { cwd: shop.folder, encoding: 'utf8' },
    );

    expect([status, stderr]).toEqual([0, expect.stringContaining('2 passed')]);
  }, 300_000);

  it('loads the verifier, which brings no package along', () => {
    const script = "console.log(Object.keys(require('@tandem/verifier')).join())";

    expect(shop.run(process.execPath, ['-e', script])).toContain('TandemGuard');
    expect(shop.copiesOf('jose')).toEqual([]);
  });

  it('has neither specs nor sources in its packages', () => {
    const files = ['nest', 'verifier'].flatMap((name) =>
      shop
        .run('tar', ['tzf', tarball(name)])
        .trim()
        .split('\n'),
    );

    expect(files.filter((file) => /\.spec\.|(?<!\.d)\.ts$|\.map$|tsbuildinfo/.test(file))).toEqual(
      [],
    );
  });
});
