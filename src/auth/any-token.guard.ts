import { type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException, challengeOf } from '../common/errors';
import { TokenGuard } from './token.guard';
import { TokenStrategies } from './token-strategies';

/** Admits the bearer of an access or a refresh token; 401 otherwise. */
@Injectable()
export class AnyTokenGuard extends TokenGuard {
  constructor(
    { access, refresh }: TokenStrategies,
    private readonly host: HttpAdapterHost,
  ) {
    super([access, refresh]);
  }

  override handleRequest<T = Principal>(
    error: unknown,
    principal: T | false,
    _info: unknown,
    context: ExecutionContext,
  ): T {
    if (error) throw error;
    if (!principal) throw this.unauthorized(context);
    return principal;
  }

  /** With its header: on a route of the host no filter of ours would set it. */
  private unauthorized(context: ExecutionContext): ApiException {
    if (context.getType() === 'http') {
      const response = context.switchToHttp().getResponse<object>();
      const challenge = challengeOf('UNAUTHORIZED');
      this.host.httpAdapter.setHeader(response, 'WWW-Authenticate', challenge);
    }
    return new ApiException('UNAUTHORIZED');
  }
}
