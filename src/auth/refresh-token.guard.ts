import { Injectable } from '@nestjs/common';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { TokenGuard } from './token.guard';
import { TokenStrategies } from './token-strategies';

/** Admits only the bearer of a refresh token; 403 for everyone else, as clients of the route expect. */
@Injectable()
export class RefreshTokenGuard extends TokenGuard {
  constructor({ refresh }: TokenStrategies) {
    super([refresh]);
  }

  override handleRequest<T = Principal>(error: unknown, principal: T | false): T {
    if (error) throw error;
    if (!principal) throw new ApiException('WRONG_REFRESH_TOKEN');
    return principal;
  }
}
