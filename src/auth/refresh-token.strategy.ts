import { Injectable } from '@nestjs/common';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import { RevocationList } from '../sessions/revocation-list';
import { type Claims, refreshPrincipal } from './claims';
import { TokenService } from './token.service';
import { TokenStrategies } from './token-strategies';
import { TokenStrategy } from './token.strategy';

/** Accepts refresh tokens that are genuine; whether their session lives is for the use case to ask. */
@Injectable()
export class RefreshTokenStrategy extends TokenStrategy {
  constructor(
    strategies: TokenStrategies,
    private readonly tokens: TokenService,
    private readonly revocations: RevocationList,
  ) {
    super(tokens.strategyOptions('refresh'));
    strategies.use('refresh', this);
  }

  /** @throws ApiException `UNAVAILABLE` while the node has never read the time. */
  validate(claims: Claims): RefreshPrincipal | null {
    this.revocations.assertRead();
    return this.tokens.isCurrent('refresh', claims) ? refreshPrincipal(claims) : null;
  }
}
