import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { PreparedJwtService, type SigningOptions } from './prepared-jwt.service';

const CLAIMS = { iss: 'tandem', sub: '884142313217933312', iat: 1_785_600_000, name: 'Żółć 李' };

const pairs = {
  HS256: {
    private: createSecretKey(Buffer.alloc(32, 7)),
    public: createSecretKey(Buffer.alloc(32, 7)),
  },
  RS256: pairOf(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  ES256: pairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
};

function pairOf({ privateKey, publicKey }: ReturnType<typeof generateKeyPairSync>) {
  return { private: privateKey as never, public: publicKey as never };
}

const optionsOf = (algorithm: keyof typeof pairs): SigningOptions => ({
  algorithm,
  header: { alg: algorithm, typ: 'at+jwt', kid: 'a key' },
  privateKey: pairs[algorithm].private,
});

describe('a token that is signed with prepared options', () => {
  const prepared = new PreparedJwtService();
  const plain = new JwtService();

  it.each(['HS256', 'RS256'] as const)(
    'is what JwtService makes, byte by byte (%s)',
    (algorithm) => {
      const options = optionsOf(algorithm);

      const tokens = [CLAIMS, { ...CLAIMS, sub: '1' }].map((claims) =>
        prepared.signPrepared(claims, options),
      );

      expect(tokens).toEqual(
        [CLAIMS, { ...CLAIMS, sub: '1' }].map((claims) => plain.sign(claims, { ...options })),
      );
    },
  );

  it.each(['HS256', 'RS256', 'ES256'] as const)('is genuine to JwtService (%s)', (algorithm) => {
    const token = prepared.signPrepared(CLAIMS, optionsOf(algorithm));

    const publicKey = pairs[algorithm].public as never;
    const read = plain.verify<object>(token, {
      publicKey,
      algorithms: [algorithm],
      complete: true,
    });
    expect(read).toMatchObject({ header: optionsOf(algorithm).header, payload: CLAIMS });
  });
});
