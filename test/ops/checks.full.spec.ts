import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { emptyDirectory } from '../support/server-process';

const ROOT = resolve(__dirname, '../..');

function check(name: string, cwd: string, ...args: string[]) {
  const file = join(ROOT, 'scripts', `check-${name}.mjs`);
  const { status, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd,
    encoding: 'utf8',
  });
  return { status, problems: stderr.split('\n').filter(Boolean) };
}

function folderWith(files: Record<string, string>): string {
  const folder = emptyDirectory();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Of this repository. */
const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));

function checkLockfile(manifest: object, lock: object) {
  const files = {
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify(lock),
  };
  return check('lockfile', folderWith(files));
}

const link = (folder: string) => ({ resolved: folder, link: true });

const FINE = { status: 0, problems: [] };

describe('the check of test names', () => {
  const SPEC = `
    describe('codes', () => {
      it('rule 1: are short', () => {});
      it.each([[1]])('rule 3: are %i', () => {});
      it.skip('rule 2: is proved by nobody', () => {});
    });
    describe.skip('tokens', () => { it('rule 2: are not tried', () => {}); });`;
  const RULES = '1. Short.\n2. Proved.\n\n| rule | test |\n| ---- | ---- |\n';
  const ROW = '| 1    | `test/codes.spec.ts: "are short"` |\n';
  const broken = {
    'src/main.ts': '',
    'test/codes.spec.ts': SPEC,
    'SECURITY.md': 'See `test/codes.spec.ts: "are long"` and `test/none.spec.ts: "are short"`.',
    'docs/rules.md': `${RULES}${ROW}| 2    | \`test/codes.spec.ts: "are tried"\` |\n`,
    'docs/security-requirements.md': [
      '| V6.1.1 | met | `test/codes.spec.ts: "are short"` |',
      '| V6.1.2 | not met | Deviation: it costs more than it brings. |',
      '| V6.1.3 | met, of course | it is |',
      '| 3.2.2 | met | |\n',
    ].join('\n'),
  };

  it('names every test that does not exist, every gap of the table and every open requirement', () => {
    expect(check('test-names', folderWith(broken))).toEqual({
      status: 1,
      problems: [
        'SECURITY.md names a test that does not exist: `test/codes.spec.ts: "are long"`',
        'SECURITY.md names a test that does not exist: `test/none.spec.ts: "are short"`',
        'docs/rules.md names a test that does not exist: `test/codes.spec.ts: "are tried"`',
        'rule 2 has no test',
        'there is no rule 3: `test/codes.spec.ts: "are %i"`',
        'the table of rules lacks | 3 | `test/codes.spec.ts: "are %i"` |',
        'no test of a rule is named like | 2 | `test/codes.spec.ts: "are tried"` |',
        'docs/security-requirements.md: V6.1.3 has neither a test nor a reason',
        'docs/security-requirements.md: 3.2.2 has neither a test nor a reason',
      ],
    });
  });

  it('writes the table', () => {
    const folder = folderWith({
      ...broken,
      'SECURITY.md': '',
      'docs/rules.md': RULES.replace('2. Proved', '3. Even'),
      'docs/security-requirements.md': '',
    });

    expect(check('test-names', folder, '--write')).toEqual(FINE);
    expect(readFileSync(join(folder, 'docs/rules.md'), 'utf8')).toContain(ROW);
  });
});

describe('the check of the lockfile', () => {
  it('names every package that is not what it should be', () => {
    const [manifest, lock] = [read('package.json'), read('package-lock.json')];
    Object.assign(manifest.dependencies, { fastify: 'github:fastify/fastify', pino: '*' });
    Object.assign(manifest.allowScripts, { nobody: true });
    delete manifest.allowScripts['@alicloud/openapi-core'];
    lock.packages['packages/client'] = {};
    lock.packages[''].dependencies = manifest.dependencies;
    lock.packages['node_modules/@tandem/client'] = link('packages/client');
    lock.packages['node_modules/@tandem/other'] = link('../other');
    const spoil = (name: string, change: object) =>
      Object.assign(lock.packages[`node_modules/${name}`], change);
    spoil('twilio', { version: '1.0.0' });
    spoil('ms', { resolved: 'git+ssh://git@example.com/ms.git' });
    spoil('jws', { integrity: 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=' });
    spoil('jwa', { license: 'MIT AND GPL-3.0-only' });
    spoil('caniuse-lite', { dev: false });
    spoil('helmet', { license: 'MPL-2.0' });
    spoil('prettier', { license: 'MPL-2.0' });
    spoil('typeorm', { engines: { node: '>=22' } });

    expect(checkLockfile(manifest, lock)).toEqual({
      status: 1,
      problems: [
        'package.json wants fastify github:fastify/fastify, which is no range of versions',
        'package.json wants pino *, which is no range of versions',
        'package-lock.json has no fastify github:fastify/fastify',
        `package-lock.json has no twilio ${manifest.devDependencies.twilio}`,
        'node_modules/@alicloud/openapi-core has an install script: see allowScripts',
        'node_modules/caniuse-lite has the licence CC-BY-4.0',
        'node_modules/helmet has the licence MPL-2.0',
        'node_modules/jwa has the licence MIT AND GPL-3.0-only',
        'node_modules/jws has no SHA-512 hash',
        'node_modules/ms does not come from the registry: git+ssh://git@example.com/ms.git',
        'node_modules/typeorm needs Node >=22',
        'node_modules/@tandem/other does not come from the registry: ../other',
        'node_modules/@tandem/other has no version: undefined',
        'node_modules/@tandem/other has no SHA-512 hash',
        'node_modules/@tandem/other has the licence undefined',
        'allowScripts names nobody, which has no install script',
      ],
    });
  });

  it('finds a package.json that changed without it', () => {
    const manifest = read('package.json');
    manifest.engines.node = '>=20.0';

    const { problems } = checkLockfile(manifest, read('package-lock.json'));

    expect(problems).toContain('package.json and package-lock.json disagree about engines');
  });
});

describe('npm run sbom', () => {
  it('lists what runs in production, each with its version, licence and hash, as CycloneDX', () => {
    const { stdout } = spawnSync('npm', ['run', '--silent', 'sbom'], {
      cwd: ROOT,
      encoding: 'utf8',
    });

    const { bomFormat, metadata, components } = JSON.parse(stdout);
    const names = components.map(({ name }: { name: string }) => name);
    expect([bomFormat, metadata.component.purl]).toEqual(['CycloneDX', 'pkg:npm/tandem@0.1.0']);
    expect(names).toEqual(expect.arrayContaining(['fastify', 'typeorm', '@node-rs/argon2']));
    expect(names).not.toContain('jest');
    expect(components).toEqual(
      components.map(() =>
        expect.objectContaining({
          version: expect.any(String),
          purl: expect.stringMatching(/^pkg:npm\//),
          hashes: [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }],
        }),
      ),
    );
  });
});
