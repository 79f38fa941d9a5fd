import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJwkSet } from '../../src/auth/keys/jwk-set';
import { runCli } from '../support/cli';
import { writeKeys } from '../support/jwk';
import { emptyDirectory } from '../support/server-process';

const generate = (...args: string[]) => runCli(['keys', 'generate', ...args]);
const algorithmsIn = (file: string) =>
  parseJwkSet(readFileSync(file, 'utf8')).map(({ alg }) => alg);

describe('tandem keys generate', () => {
  it('starts a key file that only its owner can read, and prints nothing secret', async () => {
    const file = join(emptyDirectory(), 'keys.json');

    const { exitCode, stdout } = await generate(file);

    const [jwk] = JSON.parse(readFileSync(file, 'utf8')).keys;
    expect([exitCode, stdout]).toEqual([0, `Added the ES256 key ${jwk.kid} to ${file}.\n`]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('adds a key at the end of a file', async () => {
    const file = join(emptyDirectory(), 'keys.json');
    await generate(file);
    const [first] = JSON.parse(readFileSync(file, 'utf8')).keys;

    const { stdout } = await generate(file, 'RS256', '--json');

    expect(algorithmsIn(file)).toEqual(['ES256', 'RS256']);
    const { keys } = JSON.parse(readFileSync(file, 'utf8'));
    expect(keys[0]).toEqual(first);
    expect(JSON.parse(stdout)).toEqual({ file, kid: keys[1].kid, alg: 'RS256' });
  });

  it('leaves a file alone that is not usable, and shows nothing of it', async () => {
    const files = [writeKeys([{ kty: 'oct', k: 'a2V5' }]), join(emptyDirectory(), 'keys.json')];
    writeFileSync(files[1]!, '{"keys": [{"d": "a2V5');

    for (const file of files) {
      const before = readFileSync(file, 'utf8');
      const { exitCode, stderr } = await generate(file);
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^(key 1|it) is .+\n$/)]);
      expect(stderr).not.toContain('a2V5');
      expect(readFileSync(file, 'utf8')).toBe(before);
    }
  });

  it.each([[], ['keys.json', 'HS256']])(
    'says how it is used when given %j',
    async (...args: string[]) => {
      const { exitCode, stderr } = await generate(...args);

      expect(exitCode).toBe(2);
      expect(stderr).toContain('Usage: tandem keys generate ');
    },
  );
});

describe('tandem secret', () => {
  it('prints a fresh secret alone, and its digest beside it', async () => {
    const { stdout, stderr } = await runCli(['secret']);
    const { secret, sha256 } = JSON.parse((await runCli(['secret', '--json'])).stdout);

    expect(stdout).toMatch(/^[\w-]{64}\n$/);
    expect(stderr).toContain(digestOf(stdout.trim()));
    expect(sha256).toBe(digestOf(secret));
    expect(secret).not.toBe(stdout.trim());
  });
});

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
