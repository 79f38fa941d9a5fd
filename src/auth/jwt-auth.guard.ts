import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Principal } from '../common/current-user.decorator';
import { ApiException } from '../common/errors';
import { AnyTokenGuard } from './any-token.guard';
import { IS_PUBLIC } from './public.decorator';

/**
 * The global guard: every route is closed to all but access tokens unless it is `@Public()`. A
 * genuine refresh token gets its own answer, 403, so that clients notice the mix-up.
 */
@Injectable()
export class JwtAuthGuard extends AnyTokenGuard {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(context: ExecutionContext): ReturnType<AnyTokenGuard['canActivate']> {
    const targets = [context.getHandler(), context.getClass()];
    const isPublic = this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, targets);
    return isPublic || super.canActivate(context);
  }

  override handleRequest<T = Principal>(error: unknown, user: T | false): T {
    const principal = super.handleRequest<T>(error, user);
    if ((principal as Principal).tokenUse === 'refresh') {
      throw new ApiException('REFRESH_TOKEN_NOT_ALLOWED');
    }
    return principal;
  }
}
