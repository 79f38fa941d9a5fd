import { Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { REFRESH_TOKEN } from './refresh-token.strategy';

/** Admits only the bearer of a refresh token; 403 for everyone else, as clients of the route expect. */
@Injectable()
export class RefreshTokenGuard extends AuthGuard(REFRESH_TOKEN) {
  override handleRequest<T = Principal>(error: unknown, principal: T | false): T {
    if (error) throw error;
    if (!principal) throw new ApiException('WRONG_REFRESH_TOKEN');
    return principal;
  }
}
