import { Injectable } from '@nestjs/common';
import type { Principal } from '../contract/current-user.decorator';
import { ActivityService } from '../sessions/activity.service';
import { RevocationListService } from '../sessions/revocation-list.service';
import { accessPrincipal, type Claims } from './claims';
import { KeptTokens } from './kept-tokens';
import { TokenKeysService } from './keys/token-keys.service';
import { TokenService } from './token.service';

interface Verified {
  readonly claims: Claims;
  readonly principal: Principal;
}

/**
 * Decides whether a genuine access token still opens routes, and keeps the ones that did. What may change is asked at
 * every request: the time, the keys and the revocations.
 */
@Injectable()
export class VerifiedTokensService {
  private readonly kept: KeptTokens<Verified>;

  constructor(
    private readonly activity: ActivityService,
    keys: TokenKeysService,
    private readonly revocations: RevocationListService,
    private readonly tokens: TokenService,
  ) {
    this.kept = new KeptTokens(() => keys.of('access'));
  }

  /**
   * The principal of verified claims, or null when their time is over or their session has ended.
   *
   * @throws ApiException `UNAVAILABLE` while the node has never read the time and which sessions have ended.
   */
  accept(authorization: string, claims: Claims): Principal | null {
    const principal = accessPrincipal(claims);
    if (!principal || !this.isLive(claims, principal)) return null;
    this.kept.keep(authorization, { claims, principal });
    return { ...principal };
  }

  /** The principal of a token that was admitted before and still is; what is not is forgotten. */
  recall(authorization: string | undefined): Principal | undefined {
    const known = this.kept.find(authorization);
    if (!known) return undefined;
    // Its own for each request, which may write something on it.
    if (this.isLive(known.claims, known.principal)) return { ...known.principal };
    this.kept.forget(authorization!);
    return undefined;
  }

  private isLive(claims: Claims, { sessionId }: Principal): boolean {
    this.revocations.assertRead();
    if (!this.tokens.isCurrent('access', claims) || this.revocations.has(sessionId)) return false;
    this.activity.touch(sessionId);
    return true;
  }
}
