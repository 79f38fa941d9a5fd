import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Algorithm, parseJwkSet, thumbprint } from '../auth/keys/jwk-set';

const USAGE = 'Usage: npm run keys -- generate FILE [ES256|RS256]';

/** `npm run keys -- generate FILE`: adds a fresh private key at the end of a JWK set, or starts one. */
function main([command, file, algorithm = 'ES256']: string[]): void {
  if (command !== 'generate' || !file || !isAlgorithm(algorithm)) throw new Error(USAGE);
  const keys = existsSync(file) ? readKeys(file) : [];
  const jwk = generate(algorithm);
  const text = JSON.stringify({ keys: [...keys, jwk] }, null, 2);
  // Renamed into place, so that a server that reloads never reads half a file.
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(`${file}.new`, file);
  console.log(`Added the ${algorithm} key ${jwk.kid} to ${file}.`);
}

function readKeys(file: string): object[] {
  const text = readFileSync(file, 'utf8');
  parseJwkSet(text);
  return JSON.parse(text).keys;
}

function isAlgorithm(text: string): text is Algorithm {
  return text === 'ES256' || text === 'RS256';
}

function generate(alg: Algorithm) {
  const { privateKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 3072 });
  const jwk = privateKey.export({ format: 'jwk' });
  return { ...jwk, kid: thumbprint(jwk), alg, use: 'sig' };
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
