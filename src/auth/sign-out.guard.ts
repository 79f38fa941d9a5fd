import { type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Principal } from '../contract/current-user.decorator';
import { requestOf } from '../contract/request';
import { AnyTokenGuard } from './any-token.guard';
import { accessPrincipal } from './claims';
import { bearerToken, TokenService } from './token.service';
import { TokenStrategies } from './token-strategies';

/** Admits the bearer of a genuine token, also when its session has ended: whoever signs out again has signed out. */
@Injectable()
export class SignOutGuard extends AnyTokenGuard {
  constructor(
    strategies: TokenStrategies,
    host: HttpAdapterHost,
    private readonly tokens: TokenService,
  ) {
    super(strategies, host);
  }

  override handleRequest<T = Principal>(
    error: unknown,
    principal: T | false,
    info: unknown,
    context: ExecutionContext,
  ): T {
    const admitted = principal || (this.genuine(context) as T | null);
    return super.handleRequest(error, admitted ?? false, info, context);
  }

  /** Refresh tokens are admitted without a look at their session as it is. */
  private genuine(context: ExecutionContext): Principal | null {
    const token = bearerToken(requestOf(context));
    const claims = token === null ? null : this.tokens.verify('access', token);
    return claims && accessPrincipal(claims);
  }
}
