import {
  Inject,
  Injectable,
  Logger,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Principal } from './current-user.decorator';
import { Settings } from './options';
import { Refusal } from './refusal';
import { typeOf } from './token-form';

/** Half of what Tandem's docs wait for between publishing a key and signing with it. */
const KEYS_REFRESH_MS = 5 * 60_000;
/** Tokens that name unknown keys make this service ask Tandem no more often than this. */
const UNKNOWN_KEY_COOLDOWN_MS = 10_000;
/** Errors that come of fetching the keys; everything else that `jose` throws is about the token. */
const OUTAGES = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT']);

/** Verifies access tokens by the keys that Tandem publishes. The last known keys hold while Tandem is away. */
@Injectable()
export class AccessTokens implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('TandemVerifier');
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;
  private refreshing?: NodeJS.Timeout;

  constructor(@Inject(Settings) private readonly settings: Settings) {
    this.keys = createRemoteJWKSet(settings.urlOf('/.well-known/jwks.json'), {
      cacheMaxAge: Infinity,
      cooldownDuration: UNKNOWN_KEY_COOLDOWN_MS,
      timeoutDuration: settings.options.timeout * 1000,
    });
  }

  async onModuleInit(): Promise<void> {
    await this.refreshKeys();
    this.refreshing = setInterval(() => void this.refreshKeys(), KEYS_REFRESH_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.refreshing);
  }

  /** @throws HttpException 401, 403 for a refresh token, or 503 when the keys cannot be had. */
  async verify(token: string): Promise<Principal> {
    const type = typeOf(token);
    // Nobody but Tandem can verify a refresh token. Its header is enough to tell a developer of the mix-up.
    if (type === 'rt+jwt') throw new Refusal('REFRESH_TOKEN_NOT_ALLOWED');
    if (type !== 'at+jwt') throw new Refusal('UNAUTHORIZED');
    const claims = await this.claimsOf(token);
    if (!this.isRemembered(claims)) throw new Refusal('UNAUTHORIZED');
    return principalOf(claims);
  }

  private async claimsOf(token: string): Promise<JWTPayload> {
    const { issuer, audience, clockTolerance } = this.settings.options;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        algorithms: ['ES256', 'RS256'],
        typ: 'at+jwt',
        issuer,
        audience,
        clockTolerance,
        requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      });
      return payload;
    } catch (error) {
      throw new Refusal(isOutage(error) ? 'UNAVAILABLE' : 'UNAUTHORIZED', error);
    }
  }

  /** Whether the end of its session would still be known: the list of those forgets. */
  private isRemembered({ iat }: JWTPayload): boolean {
    const { accessTokenTtl, clockTolerance } = this.settings.options;
    return iat! + accessTokenTtl + clockTolerance > Date.now() / 1000;
  }

  private async refreshKeys(): Promise<void> {
    try {
      await this.keys.reload();
      if (this.keys.jwks()?.keys.length) return;
      this.logger.error('Tandem publishes no keys: set its JWT_KEYS_FILE');
    } catch (error) {
      this.logger.error(`The keys of Tandem cannot be read: ${String(error)}`);
    }
  }
}

function principalOf(claims: JWTPayload): Principal {
  const { sub, sid, refresh } = claims;
  if (typeof sub !== 'string' || typeof sid !== 'string' || refresh !== false) {
    throw new Refusal('UNAUTHORIZED');
  }
  return { tokenUse: 'access', userId: sub, sessionId: sid, claims };
}

function isOutage(error: unknown): boolean {
  return !(error instanceof errors.JOSEError) || OUTAGES.has(error.code);
}
