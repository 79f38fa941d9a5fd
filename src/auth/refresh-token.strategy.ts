import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import { RevocationList } from '../sessions/revocation-list';
import { type Claims, refreshPrincipal } from './claims';
import { TokenService } from './token.service';

export const REFRESH_TOKEN = 'refresh-token';

/** Accepts refresh tokens that are genuine; whether their session lives is for the use case to ask. */
@Injectable()
export class RefreshTokenStrategy extends PassportStrategy(Strategy, REFRESH_TOKEN) {
  constructor(
    private readonly tokens: TokenService,
    private readonly revocations: RevocationList,
  ) {
    super(tokens.strategyOptions('refresh'));
  }

  /** @throws ApiException `UNAVAILABLE` while the node has never read the time. */
  validate(claims: Claims): RefreshPrincipal | null {
    this.revocations.assertRead();
    return this.tokens.isCurrent('refresh', claims) ? refreshPrincipal(claims) : null;
  }
}
