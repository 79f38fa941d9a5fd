import { Injectable } from '@nestjs/common';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import { RevocationListService } from '../sessions/revocation-list.service';
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
    private readonly revocations: RevocationListService,
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
