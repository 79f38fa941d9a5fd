import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import type { Claims } from './claims';
import { TokenService } from './token.service';
import { TokenStrategies } from './token-strategies';
import { TokenStrategy } from './token.strategy';
import { VerifiedRefreshTokensService } from './verified-refresh-tokens.service';

/** Accepts refresh tokens that are genuine; whether their session lives is for the use case to ask. */
@Injectable()
export class RefreshTokenStrategy extends TokenStrategy {
  constructor(
    strategies: TokenStrategies,
    tokens: TokenService,
    private readonly verified: VerifiedRefreshTokensService,
  ) {
    super({ ...tokens.strategyOptions('refresh'), passReqToCallback: true });
    strategies.use('refresh', this);
  }

  /** @throws ApiException `UNAVAILABLE`, see {@link VerifiedRefreshTokensService.accept}. */
  validate({ headers }: IncomingMessage, claims: Claims): RefreshPrincipal | null {
    return this.verified.accept(headers.authorization!, claims);
  }
}
