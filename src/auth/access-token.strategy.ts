import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../common/current-user.decorator';
import { ActivityService } from '../sessions/activity.service';
import { RevocationList } from '../sessions/revocation-list';
import { accessPrincipal, type Claims } from './claims';
import { TokenService } from './token.service';

export const ACCESS_TOKEN = 'access-token';

/** Accepts access tokens of sessions that have not ended, without a network call. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN) {
  constructor(
    private readonly tokens: TokenService,
    private readonly activity: ActivityService,
    private readonly revocations: RevocationList,
  ) {
    super(tokens.strategyOptions('access'));
  }

  /** @throws ApiException `UNAVAILABLE` while the node has never read the time and which sessions have ended. */
  validate(claims: Claims): Principal | null {
    this.revocations.assertRead();
    const principal = this.tokens.isCurrent('access', claims) && accessPrincipal(claims);
    if (!principal || this.revocations.has(principal.sessionId)) return null;
    this.activity.touch(principal.sessionId);
    return principal;
  }
}
