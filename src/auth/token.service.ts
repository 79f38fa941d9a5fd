import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { StrategyOptionsWithoutRequest } from 'passport-jwt';
import { Clock } from '../common/clock';
import { Env } from '../config/env';
import type { SessionRef } from '../sessions/session.entity';
import type { Claims } from './claims';
import { hasLowS, withLowS } from './keys/low-s';
import { PreparedJwtService } from './keys/prepared-jwt.service';
import { type TokenKey, TokenKeysService } from './keys/token-keys.service';
import { TOKEN_USES, type TokenUse } from './keys/token-uses';

const ALGORITHMS = ['HS256', 'ES256', 'RS256'] as const;

/** The scheme, one token and nothing else (RFC 6750, section 2.1). */
const BEARER = /^Bearer +(\S+)$/i;
/** Canonical base64url without padding: the bits that the last character has left over are zero (RFC 4648, section 3.5). */
const PART = '(?:[\\w-]{4})*(?:[\\w-]{4}|[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])';
const TOKEN = new RegExp(`^(${PART})\\.${PART}\\.${PART}$`);
const MAX_TOKEN_LENGTH = 2048;

/** What an access token follows from. */
type AccessGrant = Pick<SessionRef, 'id' | 'userId' | 'expiresAt'> & Partial<SessionRef>;

/** Signs both kinds of tokens and says what verifies them. The only user of {@link PreparedJwtService}. */
@Injectable()
export class TokenService {
  constructor(
    private readonly clock: Clock,
    private readonly jwt: PreparedJwtService,
    private readonly env: Env,
    private readonly keys: TokenKeysService,
  ) {}

  /**
   * A token that opens guarded routes for {@link accessLifetime}.
   *
   * @param claims of the host application.
   * @throws Error when they make it longer than what is accepted.
   */
  signAccess(session: AccessGrant, claims?: Claims): string {
    const { roles = [] } = session;
    const iat = Math.floor(this.clock.now() / 1000);
    const token = this.sign('access', {
      iss: this.env.JWT_ISSUER,
      aud: this.env.JWT_AUDIENCE,
      sub: session.userId,
      sid: session.id,
      jti: randomUUID(),
      iat,
      exp: iat + this.accessLifetime(session),
      refresh: false,
      ...(roles.length > 0 && { roles }),
      ...claims,
    });
    if (token.length <= MAX_TOKEN_LENGTH) return token;
    throw new Error(
      `An access token of ${token.length} characters: the claims hook returned too much`,
    );
  }

  /** Seconds: `ACCESS_TOKEN_TTL`, or what is left of the session when that is less. */
  accessLifetime({ expiresAt }: Pick<SessionRef, 'expiresAt'>): number {
    const left = Math.floor((expiresAt.getTime() - this.clock.now()) / 1000);
    return Math.min(this.env.ACCESS_TOKEN_TTL, left);
  }

  /** The refresh token of a session: a pure function of its row. */
  signRefresh(session: Omit<SessionRef, 'roles'>): string {
    const { id: sid, userId: sub, generation: gen, issuedAt, expiresAt } = session;
    return this.sign('refresh', {
      iss: this.env.JWT_ISSUER,
      sub,
      sid,
      gen,
      iat: Math.floor(issuedAt.getTime() / 1000),
      exp: Math.floor(expiresAt.getTime() / 1000),
      refresh: true,
    });
  }

  /** How passport-jwt verifies tokens of this use, but for {@link isCurrent}. */
  strategyOptions(use: TokenUse): StrategyOptionsWithoutRequest {
    return {
      ...this.expectations(use),
      jwtFromRequest: bearerToken,
      secretOrKeyProvider: (_request, token: string, done) => {
        const found = this.keyOf(use, token);
        done(found ? null : new Error('not one of our tokens'), found?.key as never);
      },
    };
  }

  /** The claims of a genuine token of this use, or null. Whether its session lives is another question. */
  verify(use: TokenUse, token: string): Claims | null {
    const found = this.keyOf(use, token);
    if (!found) return null;
    try {
      const options = { ...this.expectations(use), publicKey: found.key as never };
      const claims: Claims = this.jwt.verify(token, options);
      return this.isCurrent(use, claims) ? claims : null;
    } catch {
      return null;
    }
  }

  /** Whether a genuine token has not expired: the libraries would ask this node's own clock. */
  isCurrent(use: TokenUse, { iat, exp }: Claims): boolean {
    const ends = [exp, (iat as number) + TOKEN_USES[use].maxAge(this.env)];
    const seconds = Math.floor(this.clock.now() / 1000);
    return ends.every((end) => typeof end === 'number' && end > seconds);
  }

  private sign(use: TokenUse, claims: object): string {
    const { signing } = this.keys.of(use);
    const token = this.jwt.signPrepared(claims, signing);
    return signing.algorithm === 'ES256' ? withLowS(token) : token;
  }

  private expectations(use: TokenUse) {
    return {
      algorithms: [...ALGORITHMS],
      issuer: this.env.JWT_ISSUER,
      audience: TOKEN_USES[use].audience(this.env),
      ignoreExpiration: true,
    };
  }

  /**
   * The key that a token says it is signed with. Refuses, before any claim is read, what does not have
   * three canonical base64url parts, exactly a header that we write and the one signature that we make:
   * one spelling a token, no `crit`, no `jwk`, no other algorithm than that of the key.
   */
  private keyOf(use: TokenUse, token: string): TokenKey | undefined {
    const [, header] = (token.length <= MAX_TOKEN_LENGTH && TOKEN.exec(token)) || [];
    const key = this.keys.of(use).verification.get(header ?? '');
    return key?.alg === 'ES256' && !hasLowS(token) ? undefined : key;
  }
}

/** The token of a request, if it carries one as it should. */
export function bearerToken({ headers }: Pick<IncomingMessage, 'headers'>): string | null {
  return BEARER.exec(headers.authorization ?? '')?.[1] ?? null;
}
