import { createCipheriv, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { hash, verify as verifyArgon2 } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';

/** argon2id with 19 MiB, 2 passes, 1 lane: the OWASP Password Storage Cheat Sheet's first choice. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = '$argon2id$v=19$m=19456,t=2,p=1$';

/** What one login may cost at most: whoever guesses passwords chooses when. */
const MAX_MEMORY_KIB = 65_536;
const MAX_PASSES = 4;
const MAX_LANES = 16;
const MAX_BCRYPT_COST = 14;
/** Of the column. */
const MAX_LENGTH = 128;

const ARGON2ID_PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{16,86}$/;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
const FIREBASE = /^\$fbscrypt\$m=([1-9]\d?),r=([1-9]\d?)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{22,})$/;

/** Of a Firebase project: what its console shows as the parameters of password hashes. */
export interface FirebaseCosts {
  readonly rounds: number;
  readonly memCost: number;
  /** Base64. */
  readonly saltSeparator: string;
}

const scryptKey = promisify<string, Buffer, number, object, Buffer>(scrypt);

export const hashOf = (password: string) => hash(password, ARGON2ID);

/** Whether a hash is as {@link hashOf} makes them, not one that came with an import. */
export const isCurrent = (passwordHash: string) => passwordHash.startsWith(CURRENT);

/** Why a hash of another system cannot be taken over; undefined when it can. */
export function problemOfHash(passwordHash: string): string | undefined {
  if (passwordHash.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const [, memory, passes, lanes] = numbersOf(ARGON2ID_PHC, passwordHash);
  if (memory) return memory >= 8 * lanes! ? excess(memory, passes!, lanes!) : 'is no argon2id hash';
  const [, cost] = numbersOf(BCRYPT, passwordHash);
  if (cost) return cost > MAX_BCRYPT_COST ? `costs more than bcrypt ${MAX_BCRYPT_COST}` : undefined;
  const [, memCost, rounds] = numbersOf(FIREBASE, passwordHash);
  if (memCost) return excess((2 ** memCost * 128 * rounds!) / 1024, 1, 1);
  return 'is neither an argon2id, a bcrypt nor a Firebase scrypt hash';
}

/**
 * A hash of Firebase's modified scrypt in the form that we keep it in. The signer key, which all hashes of a project share, is
 * not in it.
 *
 * @param passwordHash and salt in base64, also in that of URLs.
 */
export function firebaseHash(passwordHash: string, salt: string, costs: FirebaseCosts): string {
  const salted = Buffer.concat(
    [salt, costs.saltSeparator].map((text) => Buffer.from(text, 'base64')),
  );
  const [saltText, hashText] = [salted, Buffer.from(passwordHash, 'base64')].map(unpadded);
  return `$fbscrypt$m=${costs.memCost},r=${costs.rounds}$${saltText}$${hashText}`;
}

/**
 * Off the event loop.
 *
 * @param signerKey of the Firebase project that the hash came from, in base64.
 * @throws Error for a hash of Firebase without it.
 */
export async function verifyHash(
  password: string,
  passwordHash: string,
  signerKey?: string,
): Promise<boolean> {
  if (BCRYPT.test(passwordHash)) return verifyBcrypt(password, passwordHash);
  const firebase = FIREBASE.exec(passwordHash);
  if (!firebase) return verifyArgon2(passwordHash, password);
  if (!signerKey) throw new Error('FIREBASE_SIGNER_KEY is not set, which an imported hash needs');
  return verifyFirebase(password, firebase, Buffer.from(signerKey, 'base64'));
}

/** As github.com/firebase/scrypt does it: the key that scrypt derives encrypts the signer key. */
async function verifyFirebase(password: string, parts: RegExpExecArray, signerKey: Buffer) {
  const [, memCost, rounds, salt, stored] = parts;
  const [N, r] = [2 ** Number(memCost), Number(rounds)];
  const costs = { N, r, p: 1, maxmem: 256 * N * r };
  const key = await scryptKey(password, Buffer.from(salt!, 'base64'), 32, costs);
  const made = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(signerKey);
  const expected = Buffer.from(stored!, 'base64');
  return made.length === expected.length && timingSafeEqual(made, expected);
}

function excess(memoryKib: number, passes: number, lanes: number): string | undefined {
  if (memoryKib > MAX_MEMORY_KIB) return `takes more than ${MAX_MEMORY_KIB / 1024} MiB`;
  if (passes > MAX_PASSES) return `takes more than ${MAX_PASSES} passes`;
  return lanes > MAX_LANES ? `takes more than ${MAX_LANES} lanes` : undefined;
}

const numbersOf = (form: RegExp, text: string) => (form.exec(text) ?? []).map(Number);

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
