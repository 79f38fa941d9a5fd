import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../contract/current-user.decorator';
import { ActivityService } from '../sessions/activity.service';
import { RevocationListService } from '../sessions/revocation-list.service';
import { accessPrincipal, type Claims } from './claims';
import { TokenKeysService } from './keys/token-keys.service';
import { TokenService } from './token.service';

/** Tokens; with their claims about 15 MB. */
const MAX_KEPT = 20_000;
/** The usual spelling. Others, with any number of spaces, would let one token fill the memory. */
const USUAL = /^Bearer \S+$/;

interface Verified {
  readonly claims: Claims;
  readonly principal: Principal;
  /** All keys of the moment, to which no token is known any more once one is removed. */
  readonly keys: ReturnType<TokenKeysService['of']>;
}

/**
 * Decides whether a genuine access token still opens routes, and keeps the ones that did: their signatures need
 * not be verified again. Kept by the whole `Authorization` header, so that a token which differs in
 * anything is another one. What may change is asked at every request: the time, the keys and the revocations.
 */
@Injectable()
export class VerifiedTokensService {
  private readonly kept = new LRUCache<string, Verified>({ max: MAX_KEPT });

  constructor(
    private readonly activity: ActivityService,
    private readonly keys: TokenKeysService,
    private readonly revocations: RevocationListService,
    private readonly tokens: TokenService,
  ) {}

  /**
   * The principal of verified claims, or null when their time is over or their session has ended.
   *
   * @throws ApiException `UNAVAILABLE` while the node has never read the time and which sessions have ended.
   */
  accept(authorization: string, claims: Claims): Principal | null {
    const principal = accessPrincipal(claims);
    if (!principal || !this.isLive(claims, principal)) return null;
    if (USUAL.test(authorization)) {
      this.kept.set(authorization, { claims, principal, keys: this.keys.of('access') });
    }
    return { ...principal };
  }

  /** The principal of a token that was admitted before and still is; what is not is forgotten. */
  recall(authorization: string | undefined): Principal | undefined {
    const known = authorization && this.kept.get(authorization);
    if (!known) return undefined;
    const { claims, principal, keys } = known;
    // Its own for each request, which may write something on it.
    if (keys === this.keys.of('access') && this.isLive(claims, principal)) return { ...principal };
    this.kept.delete(authorization);
    return undefined;
  }

  private isLive(claims: Claims, { sessionId }: Principal): boolean {
    this.revocations.assertRead();
    if (!this.tokens.isCurrent('access', claims) || this.revocations.has(sessionId)) return false;
    this.activity.touch(sessionId);
    return true;
  }
}
