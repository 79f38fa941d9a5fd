import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseJwkSet } from '../../src/auth/keys/jwk-set';
import { writeKeys } from '../support/jwk';
import { emptyDirectory } from '../support/server-process';

const run = (command: string, ...args: string[]) =>
  spawnSync(process.execPath, [resolve(__dirname, '../../dist', command), ...args], {
    encoding: 'utf8',
  });
const generate = (...args: string[]) => run('cli/keys.js', 'generate', ...args);
const algorithmsIn = (file: string) =>
  parseJwkSet(readFileSync(file, 'utf8')).map(({ alg }) => alg);

describe('`npm run keys -- generate`', () => {
  it('starts a key file that only its owner can read, and prints nothing secret', () => {
    const file = join(emptyDirectory(), 'keys.json');

    const { status, stdout } = generate(file);

    const [jwk] = JSON.parse(readFileSync(file, 'utf8')).keys;
    expect([status, stdout]).toEqual([0, `Added the ES256 key ${jwk.kid} to ${file}.\n`]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('adds a key at the end of a file', () => {
    const file = join(emptyDirectory(), 'keys.json');
    generate(file);
    const [first] = JSON.parse(readFileSync(file, 'utf8')).keys;

    generate(file, 'RS256');

    expect(algorithmsIn(file)).toEqual(['ES256', 'RS256']);
    expect(JSON.parse(readFileSync(file, 'utf8')).keys[0]).toEqual(first);
  });

  it('leaves a file alone that is not usable, and shows nothing of it', () => {
    const files = [writeKeys([{ kty: 'oct', k: 'a2V5' }]), join(emptyDirectory(), 'keys.json')];
    writeFileSync(files[1]!, '{"keys": [{"d": "a2V5');

    for (const file of files) {
      const before = readFileSync(file, 'utf8');
      const { status, stderr } = generate(file);
      expect([status, stderr]).toEqual([1, expect.stringMatching(/^(key 1|it) is .+\n$/)]);
      expect(stderr).not.toContain('a2V5');
      expect(readFileSync(file, 'utf8')).toBe(before);
    }
  });

  it.each([[], ['keys.json', 'HS256']])(
    'says how it is used when given %j',
    (...args: string[]) => {
      const { status, stderr } = generate(...args);

      expect([status, stderr]).toEqual([1, expect.stringMatching(/^Usage: /)]);
    },
  );
});

describe('`npm run secret`', () => {
  it('prints a fresh secret alone, and its digest beside it', () => {
    const { stdout, stderr } = run('cli/secret.js');

    expect(stdout).toMatch(/^[\w-]{64}\n$/);
    expect(stderr).toContain(createHash('sha256').update(stdout.trim()).digest('hex'));
    expect(run('cli/secret.js').stdout).not.toBe(stdout);
  });
});
