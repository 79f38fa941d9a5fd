import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { SYSTEM } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { RedactingLogger } from '../../common/redacting-logger';
import { Env } from '../../config/env';
import { EnvError } from '../../config/load-env';
import { KeyRing } from '../../config/key-ring';
import { orWarn } from '../../observability/or-warn';
import { type Algorithm, type JwkKey, parseJwkSet, type PublicJwk } from './jwk-set';
import type { SigningOptions } from './prepared-jwt.service';
import { TOKEN_USES, type TokenUse } from './token-uses';

/** A key with the one algorithm it is used with. */
export interface TokenKey {
  readonly kid: string;
  readonly alg: 'HS256' | Algorithm;
  readonly key: KeyObject;
}

interface Keys {
  readonly signing: SigningOptions;
  /** By the first part of the tokens that they sign, which names them: the only keys that are ever tried. */
  readonly verification: ReadonlyMap<string, TokenKey>;
}

/**
 * The keys of both kinds of tokens. Refresh tokens, which only Tandem reads, are always signed by
 * HMAC; access tokens by the first key of `JWT_KEYS_FILE` when there is one. `JWT_SECRET_PREVIOUS` and
 * the other keys of the file still verify.
 */
@Injectable()
export class TokenKeysService implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new RedactingLogger(TokenKeysService.name);
  private keys: Record<TokenUse, Keys>;
  private published: PublicJwk[] = [];

  constructor(
    private readonly changes: ChangesService,
    private readonly env: Env,
    private readonly ring: KeyRing,
  ) {
    this.keys = this.load();
  }

  /** SIGHUP reads the file again; one that is not usable changes nothing. */
  onModuleInit(): void {
    if (this.env.JWT_KEYS_FILE) process.on('SIGHUP', this.reload);
  }

  onApplicationShutdown(): void {
    process.off('SIGHUP', this.reload);
  }

  of(use: TokenUse): Keys {
    return this.keys[use];
  }

  /** What others need to verify access tokens (RFC 7517); empty while they are signed by HMAC. */
  get jwks(): { keys: PublicJwk[] } {
    return { keys: this.published };
  }

  private readonly reload = (): void => {
    try {
      this.keys = this.load();
      const { kid } = this.keys.access.signing.header;
      this.logger.log(`JWT_KEYS_FILE reloaded: key ${kid} signs access tokens`);
      void this.record(kid);
    } catch (error) {
      this.logger.error(error, 'JWT_KEYS_FILE not reloaded');
    }
  };

  /** Each process loads the keys for itself, and says so. */
  private record(kid: string | undefined): Promise<void> {
    const told = { action: 'keys.reloaded', actor: SYSTEM, detail: { kid } } as const;
    return orWarn(this.logger, 'Reload of keys is not on record', () => this.changes.record(told));
  }

  /** @throws EnvError that says what is wrong with the file. */
  private load(): Record<TokenUse, Keys> {
    const { JWT_KEYS_FILE: file } = this.env;
    const fromFile = file ? readKeys(file) : [];
    this.published = fromFile.map(({ publicJwk }) => publicJwk);
    return { access: this.keysOf('access', fromFile), refresh: this.keysOf('refresh', fromFile) };
  }

  private keysOf(use: TokenUse, fromFile: JwkKey[]): Keys {
    const { keyPurpose, isForOthers } = TOKEN_USES[use];
    const asymmetric = isForOthers ? fromFile : [];
    const derived = this.ring.generations.map((generation) => derive(generation, keyPurpose));
    const [signing] = [...asymmetric.map(signingKey), ...derived];
    const verification = [...asymmetric.map(verificationKey), ...derived];
    const byHeader = verification.map((key) => [encode(headerOf(use, key)), key] as const);
    return { signing: signingOptions(use, signing!), verification: new Map(byHeader) };
  }
}

function readKeys(file: string): JwkKey[] {
  try {
    return parseJwkSet(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EnvError([`JWT_KEYS_FILE: ${(error as Error).message}`]);
  }
}

/** The JOSE header of tokens that a key signs, in the order in which they have it (RFC 7515, section 4). */
export function headerOf(use: TokenUse, { alg, kid }: TokenKey) {
  return { alg, typ: TOKEN_USES[use].typ, kid };
}

function signingOptions(use: TokenUse, signing: TokenKey): SigningOptions {
  const { alg: algorithm, key: privateKey } = signing;
  return { algorithm, header: headerOf(use, signing), privateKey };
}

const encode = (header: object) => Buffer.from(JSON.stringify(header)).toString('base64url');

const signingKey = ({ kid, alg, privateKey: key }: JwkKey): TokenKey => ({ kid, alg, key });
const verificationKey = ({ kid, alg, publicKey: key }: JwkKey): TokenKey => ({ kid, alg, key });

function derive(ring: KeyRing, purpose: string): TokenKey {
  const kid = ring.derive(`${purpose} id`).toString('base64url').slice(0, 11);
  return { kid, alg: 'HS256', key: createSecretKey(ring.derive(purpose)) };
}
