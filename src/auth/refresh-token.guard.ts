import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { TokenGuard } from './token.guard';
import { TokenStrategies } from './token-strategies';
import { VerifiedRefreshTokensService } from './verified-refresh-tokens.service';

/** Admits only the bearer of a refresh token; 403 for everyone else, as clients of the route expect. */
@Injectable()
export class RefreshTokenGuard extends TokenGuard {
  constructor(
    { refresh }: TokenStrategies,
    private readonly verified: VerifiedRefreshTokensService,
  ) {
    super([refresh]);
  }

  override canActivate(context: ExecutionContext): ReturnType<TokenGuard['canActivate']> {
    const request = this.getRequest(context);
    const known = this.verified.recall(request.headers.authorization);
    if (!known) return super.canActivate(context);
    request.user = known;
    return true;
  }

  override handleRequest<T = Principal>(error: unknown, principal: T | false): T {
    if (error) throw error;
    if (!principal) throw new ApiException('WRONG_REFRESH_TOKEN');
    return principal;
  }
}
