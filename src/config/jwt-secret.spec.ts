import { mkdtempSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from './load-env';
import { jwtSecret } from './jwt-secret';

const newDirectory = () => join(mkdtempSync(join(tmpdir(), 'tandem-secret-')), 'data');

describe('the generated JWT secret', () => {
  it('is random, kept for its owner only, and the same from then on', () => {
    const DATA_DIR = newDirectory();

    const secret = jwtSecret(parseEnv({ DATA_DIR }));

    expect(secret).toMatch(/^[\w-]{64}$/);
    expect(jwtSecret(parseEnv({ DATA_DIR }))).toBe(secret);
    expect(jwtSecret(parseEnv({ DATA_DIR: newDirectory() }))).not.toBe(secret);
    expect(statSync(DATA_DIR).mode & 0o777).toBe(0o700);
    expect(statSync(join(DATA_DIR, 'jwt-secret')).mode & 0o777).toBe(0o600);
    expect(readdirSync(DATA_DIR)).toEqual(['jwt-secret']);
  });

  it('gives way to JWT_SECRET, and is then not made', () => {
    const DATA_DIR = newDirectory();

    expect(jwtSecret(parseEnv({ DATA_DIR, JWT_SECRET: 'the secret of a test' }))).toBe(
      'the secret of a test',
    );
    expect(() => readdirSync(DATA_DIR)).toThrow('ENOENT');
  });

  it('is refused when its file is empty', () => {
    const DATA_DIR = newDirectory();
    jwtSecret(parseEnv({ DATA_DIR }));
    truncateSync(join(DATA_DIR, 'jwt-secret'));

    expect(() => jwtSecret(parseEnv({ DATA_DIR }))).toThrow(/jwt-secret is empty/);
  });
});
