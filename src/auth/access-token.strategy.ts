import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../contract/current-user.decorator';
import type { Claims } from './claims';
import { TokenService } from './token.service';
import { TokenStrategies } from './token-strategies';
import { TokenStrategy } from './token.strategy';
import { VerifiedTokensService } from './verified-tokens.service';

/** Accepts access tokens of sessions that have not ended, without a network call. */
@Injectable()
export class AccessTokenStrategy extends TokenStrategy {
  constructor(
    strategies: TokenStrategies,
    tokens: TokenService,
    private readonly verified: VerifiedTokensService,
  ) {
    super({ ...tokens.strategyOptions('access'), passReqToCallback: true });
    strategies.use('access', this);
  }

  /** @throws ApiException `UNAVAILABLE`, see {@link VerifiedTokensService.accept}. */
  validate({ headers }: IncomingMessage, claims: Claims): Principal | null {
    return this.verified.accept(headers.authorization!, claims);
  }
}
