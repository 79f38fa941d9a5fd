import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../contract/current-user.decorator';
import type { Claims } from './claims';
import { TokenService } from './token.service';
import { VerifiedTokens } from './verified-tokens';

export const ACCESS_TOKEN = 'access-token';

/** Accepts access tokens of sessions that have not ended, without a network call. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN) {
  constructor(
    tokens: TokenService,
    private readonly verified: VerifiedTokens,
  ) {
    super({ ...tokens.strategyOptions('access'), passReqToCallback: true });
  }

  /** @throws ApiException `UNAVAILABLE`, see {@link VerifiedTokens.admit}. */
  validate({ headers }: IncomingMessage, claims: Claims): Principal | null {
    return this.verified.admit(headers.authorization!, claims);
  }
}
