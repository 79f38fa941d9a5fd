import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../contract/current-user.decorator';
import { Env } from '../../config/env';
import { EnvError } from '../../config/load-env';
import { KeyRing } from '../../config/key-ring';
import { type Algorithm, type JwkKey, parseJwkSet, type PublicJwk } from './jwk-set';

export type TokenUse = Principal['tokenUse'];

/** A key with the one algorithm it is used with. */
export interface TokenKey {
  readonly kid: string;
  readonly alg: 'HS256' | Algorithm;
  readonly key: KeyObject;
}

interface Keys {
  readonly signing: TokenKey;
  /** By the first part of the tokens that they sign, which names them: the only keys that are ever tried. */
  readonly verification: ReadonlyMap<string, TokenKey>;
}

const TYPES = { access: 'at+jwt', refresh: 'rt+jwt' } as const;

/**
 * The keys of both kinds of tokens. Refresh tokens, which only Tandem reads, are always signed by
 * HMAC; access tokens by the first key of `JWT_KEYS_FILE` when there is one. `JWT_SECRET_PREVIOUS` and
 * the other keys of the file still verify.
 */
@Injectable()
export class TokenKeys implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(TokenKeys.name);
  private readonly derived: Record<TokenUse, TokenKey[]>;
  private readonly refresh: Keys;
  private access: Keys;
  private published: PublicJwk[] = [];

  constructor(
    private readonly env: Env,
    keys: KeyRing,
  ) {
    this.derived = {
      access: keys.generations.map((ring) => derive(ring, 'access token')),
      refresh: keys.generations.map((ring) => derive(ring, 'refresh token')),
    };
    this.refresh = keysOf('refresh', this.derived.refresh);
    this.access = this.load();
  }

  /** SIGHUP reads the file again; one that is not usable changes nothing. */
  onModuleInit(): void {
    if (this.env.JWT_KEYS_FILE) process.on('SIGHUP', this.reload);
  }

  onApplicationShutdown(): void {
    process.off('SIGHUP', this.reload);
  }

  of(use: TokenUse): Keys {
    return use === 'access' ? this.access : this.refresh;
  }

  /** What others need to verify access tokens (RFC 7517); empty while they are signed by HMAC. */
  get jwks(): { keys: PublicJwk[] } {
    return { keys: this.published };
  }

  private readonly reload = (): void => {
    try {
      this.access = this.load();
      this.logger.log(`Access tokens are signed by key ${this.access.signing.kid}`);
    } catch (error) {
      this.logger.error(error, 'JWT_KEYS_FILE was not reloaded');
    }
  };

  /** @throws EnvError that says what is wrong with the file. */
  private load(): Keys {
    const { JWT_KEYS_FILE: file } = this.env;
    const own = file ? readKeys(file) : [];
    this.published = own.map(({ publicJwk }) => publicJwk);
    return keysOf(
      'access',
      [...own.map(signingKey), ...this.derived.access],
      own.map(verificationKey),
    );
  }
}

function readKeys(file: string): JwkKey[] {
  try {
    return parseJwkSet(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EnvError([`JWT_KEYS_FILE: ${(error as Error).message}`]);
  }
}

function keysOf(use: TokenUse, keys: TokenKey[], verification: TokenKey[] = []): Keys {
  const byHeader = [...keys, ...verification].map((key) => {
    const header = JSON.stringify(headerOf(use, key));
    return [Buffer.from(header).toString('base64url'), key] as const;
  });
  return { signing: keys[0]!, verification: new Map(byHeader) };
}

/** The JOSE header of tokens that a key signs, in the order in which they have it (RFC 7515, section 4). */
export function headerOf(use: TokenUse, { alg, kid }: TokenKey) {
  return { alg, typ: TYPES[use], kid };
}

const signingKey = ({ kid, alg, privateKey: key }: JwkKey): TokenKey => ({ kid, alg, key });
const verificationKey = ({ kid, alg, publicKey: key }: JwkKey): TokenKey => ({ kid, alg, key });

function derive(ring: KeyRing, purpose: string): TokenKey {
  const kid = ring.derive(`${purpose} id`).toString('base64url').slice(0, 11);
  return { kid, alg: 'HS256', key: createSecretKey(ring.derive(purpose)) };
}
