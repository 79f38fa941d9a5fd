import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { AnyTokenGuard } from './any-token.guard';
import { IS_PUBLIC } from './public.decorator';
import { VerifiedTokens } from './verified-tokens';

/**
 * The global guard: every route is closed to all but access tokens unless it is `@Public()`. A
 * genuine refresh token gets its own answer, 403, so that clients notice the mix-up.
 */
@Injectable()
export class JwtAuthGuard extends AnyTokenGuard {
  constructor(
    private readonly reflector: Reflector,
    private readonly verified: VerifiedTokens,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext): ReturnType<AnyTokenGuard['canActivate']> {
    const targets = [context.getHandler(), context.getClass()];
    const isPublic = this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, targets);
    return isPublic || this.isKnown(context) || super.canActivate(context);
  }

  override handleRequest<T = Principal>(error: unknown, user: T | false): T {
    const principal = super.handleRequest<T>(error, user);
    if ((principal as Principal).tokenUse === 'refresh') {
      throw new ApiException('REFRESH_TOKEN_NOT_ALLOWED');
    }
    return principal;
  }

  /** Most requests bring a token that a strategy has verified before. */
  private isKnown(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const known = this.verified.recall(request.headers.authorization);
    request.user = known && this.handleRequest(null, known);
    return known !== undefined;
  }
}
