import { hash as argon2 } from '@node-rs/argon2';
import { hash as bcrypt } from '@node-rs/bcrypt';
import { firebaseHash, hashOf, isCurrent, problemOfHash, verifyHash } from './password-hashes';

/** As github.com/firebase/scrypt gives it. */
const SIGNER_KEY =
  'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==';
const FIREBASE = firebaseHash(
  'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
  '42xEC+ixf3L2lw==',
  { rounds: 8, memCost: 14, saltSeparator: 'Bw==' },
);
/** A vector of the crypt_blowfish tests. */
const BCRYPT = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

const ARGON2 = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$cGFzc3dvcmQtaGFzaC1vZi0zMi1ieXRlcw';

describe('a password hash', () => {
  it.each([
    ['Firebase', FIREBASE, 'user1password'],
    ['bcrypt', BCRYPT, 'U*U'],
    ['bcrypt in PHP', BCRYPT.replace('2a', '2y'), 'U*U'],
  ])('of %s is that of its password only', async (_, hash, password) => {
    expect(problemOfHash(hash)).toBeUndefined();
    expect(await verifyHash(password, hash, SIGNER_KEY)).toBe(true);
    expect(await verifyHash(`${password}x`, hash, SIGNER_KEY)).toBe(false);
    expect(isCurrent(hash)).toBe(false);
  });

  it('of Firebase is nothing without the signer key, and is not stored with it', async () => {
    await expect(verifyHash('user1password', FIREBASE)).rejects.toThrow('FIREBASE_SIGNER_KEY');
    const other = Buffer.alloc(64, 1).toString('base64');
    expect(await verifyHash('user1password', FIREBASE, other)).toBe(false);
  });

  it('of argon2id is taken with other parameters, and told from our own', async () => {
    const other = await argon2('quiet bicycle', {
      memoryCost: 65_536,
      timeCost: 4,
      parallelism: 4,
    });

    expect([problemOfHash(other), isCurrent(other)]).toEqual([undefined, false]);
    expect(await verifyHash('quiet bicycle', other)).toBe(true);
    expect(isCurrent(await hashOf('quiet bicycle'))).toBe(true);
  });

  it.each([
    ['takes more than 64 MiB', ARGON2.replace('19456', '65537')],
    ['takes more than 64 MiB', FIREBASE.replace('m=14', 'm=17')],
    ['takes more than 64 MiB', FIREBASE.replace('r=8', 'r=33')],
    ['takes more than 4 passes', ARGON2.replace('t=2', 't=5')],
    ['takes more than 16 lanes', ARGON2.replace('p=1', 'p=17')],
    ['is no argon2id hash', ARGON2.replace('m=19456', 'm=7')],
    ['costs more than bcrypt 14', BCRYPT.replace('$05$', '$15$')],
    ['is longer than 128 characters', `${ARGON2}${'a'.repeat(70)}`],
    ...['', '$1$abc$def', ARGON2.replace('argon2id', 'argon2i'), BCRYPT.slice(1), `${BCRYPT}x`].map(
      (hash) => ['is neither an argon2id, a bcrypt nor a Firebase scrypt hash', hash],
    ),
  ])('%s: %s', (problem, hash) => {
    expect(problemOfHash(hash)).toBe(problem);
  });

  it('of bcrypt is made by the library that checks it', async () => {
    expect(await verifyHash('quiet bicycle', await bcrypt('quiet bicycle', 4))).toBe(true);
  });
});
