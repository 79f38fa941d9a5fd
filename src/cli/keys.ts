import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Argument, type Command } from 'commander';
import { type Algorithm, parseJwkSet, thumbprint } from '../auth/keys/jwk-set';
import { Failure } from './failure';

const ALGORITHM = new Argument('[algorithm]', 'what access tokens are signed with')
  .choices(['ES256', 'RS256'] satisfies Algorithm[])
  .default('ES256');

export function keys(tandem: Command): void {
  tandem
    .command('keys')
    .description('Makes the private keys of JWT_KEYS_FILE.')
    .command('generate')
    .description('Adds a fresh private key at the end of a JWK set, or starts one.')
    .argument('<file>', 'the JWK set')
    .addArgument(ALGORITHM)
    .option('--json', 'print the id of the key as JSON')
    .action(addKey);
}

function addKey(file: string, algorithm: Algorithm, { json }: { json?: true }): void {
  const known = existsSync(file) ? readKeys(file) : [];
  const jwk = generate(algorithm);
  const text = JSON.stringify({ keys: [...known, jwk] }, null, 2);
  // Renamed into place, so that a server that reloads never reads half a file.
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(`${file}.new`, file);
  if (json) console.log(JSON.stringify({ file, kid: jwk.kid, alg: algorithm }));
  else console.log(`Added the ${algorithm} key ${jwk.kid} to ${file}.`);
}

function readKeys(file: string): object[] {
  const text = readFileSync(file, 'utf8');
  try {
    parseJwkSet(text);
  } catch (error) {
    throw new Failure((error as Error).message, { cause: error });
  }
  return JSON.parse(text).keys;
}

function generate(alg: Algorithm) {
  const { privateKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 3072 });
  const jwk = privateKey.export({ format: 'jwk' });
  return { ...jwk, kid: thumbprint(jwk), alg, use: 'sig' };
}
