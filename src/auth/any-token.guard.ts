import { Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { ACCESS_TOKEN } from './access-token.strategy';
import { REFRESH_TOKEN } from './refresh-token.strategy';

/** Admits the bearer of an access or a refresh token; 401 otherwise. */
@Injectable()
export class AnyTokenGuard extends AuthGuard([ACCESS_TOKEN, REFRESH_TOKEN]) {
  override handleRequest<T = Principal>(error: unknown, principal: T | false): T {
    if (error) throw error;
    if (!principal) throw new ApiException('UNAUTHORIZED');
    return principal;
  }
}
