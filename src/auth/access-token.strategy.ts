import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { Principal } from '../common/current-user.decorator';
import { ApiException } from '../common/errors';
import { ActivityService } from '../sessions/activity.service';
import { RevocationList } from '../sessions/revocation-list';
import { accessPrincipal, type Claims } from './claims';
import { TokenService } from './token.service';

export const ACCESS_TOKEN = 'access-token';

/** Accepts access tokens of sessions that have not ended, without a network call. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, ACCESS_TOKEN) {
  constructor(
    tokens: TokenService,
    private readonly activity: ActivityService,
    private readonly revocations: RevocationList,
  ) {
    super(tokens.strategyOptions('access'));
  }

  /** @throws ApiException `UNAVAILABLE` while nobody can know which sessions have ended. */
  validate(claims: Claims): Principal | null {
    const principal = accessPrincipal(claims);
    if (!principal || this.revocations.has(principal.sessionId)) return null;
    if (this.revocations.age === Infinity) throw new ApiException('UNAVAILABLE');
    this.activity.touch(principal.sessionId);
    return principal;
  }
}
