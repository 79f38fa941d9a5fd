import { Injectable } from '@nestjs/common';
import { Env } from '../config/env';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import { RevocationListService } from '../sessions/revocation-list.service';
import { type Claims, refreshPrincipal } from './claims';
import { KeptTokens } from './kept-tokens';
import { TokenKeysService } from './keys/token-keys.service';
import { TokenService } from './token.service';

/**
 * Decides whether a genuine refresh token is within its time, and keeps the ones that are: without rotation each is used
 * again and again. Whether its session lives is for the use case to ask, in SQL.
 */
@Injectable()
export class VerifiedRefreshTokensService {
  private readonly kept: KeptTokens<Claims>;

  constructor(
    private readonly env: Env,
    keys: TokenKeysService,
    private readonly revocations: RevocationListService,
    private readonly tokens: TokenService,
  ) {
    this.kept = new KeptTokens(() => keys.of('refresh'));
  }

  /** @throws ApiException `UNAVAILABLE` while the node has never read the time. */
  accept(authorization: string, claims: Claims): RefreshPrincipal | null {
    const principal = this.principalOf(claims);
    if (principal && !this.env.REFRESH_ROTATION) this.kept.keep(authorization, claims);
    return principal;
  }

  /** The principal of a token that was accepted before and still is; what is not is forgotten. */
  recall(authorization: string | undefined): RefreshPrincipal | undefined {
    const claims = this.kept.find(authorization);
    if (!claims) return undefined;
    const principal = this.principalOf(claims);
    if (!principal) this.kept.forget(authorization!);
    return principal ?? undefined;
  }

  private principalOf(claims: Claims): RefreshPrincipal | null {
    this.revocations.assertRead();
    return this.tokens.isCurrent('refresh', claims) ? refreshPrincipal(claims) : null;
  }
}
