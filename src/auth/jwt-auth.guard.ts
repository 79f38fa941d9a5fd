import { type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import type { Principal } from '../contract/current-user.decorator';
import type { HttpRequest } from '../contract/request';
import { ApiException } from '../common/errors';
import { AnyTokenGuard } from './any-token.guard';
import { IS_PUBLIC } from './public.decorator';
import { TokenStrategies } from './token-strategies';
import { VerifiedTokensService } from './verified-tokens.service';

/** Under the symbol of a Tandem: the principal for whom its guard opened the request before. */
type Request = HttpRequest & { [admitted: symbol]: Principal | undefined };

/**
 * Closes a route to all but access tokens unless it is `@Public()`. A genuine refresh token gets its own answer, 403,
 * so that clients notice the mix-up.
 */
@Injectable()
export class JwtAuthGuard extends AnyTokenGuard {
  /** By handler, then by class: decorators say the same for every request, and metadata are slow to find. */
  private readonly publics = new WeakMap<object, WeakMap<object, boolean>>();

  constructor(
    private readonly strategies: TokenStrategies,
    host: HttpAdapterHost,
    private readonly reflector: Reflector,
    private readonly verified: VerifiedTokensService,
  ) {
    super(strategies, host);
  }

  override canActivate(context: ExecutionContext): ReturnType<AnyTokenGuard['canActivate']> {
    const request = this.getRequest(context) as Request;
    return (
      this.wasAdmitted(request) ||
      this.isPublic(context) ||
      this.isKnown(request, context) ||
      super.canActivate(context)
    );
  }

  override handleRequest<T = Principal>(
    error: unknown,
    user: T | false,
    info: unknown,
    context: ExecutionContext,
  ): T {
    const principal = super.handleRequest<T>(error, user, info, context);
    if ((principal as Principal).tokenUse === 'refresh') {
      throw new ApiException('REFRESH_TOKEN_NOT_ALLOWED');
    }
    (this.getRequest(context) as Request)[this.strategies.admitted] = principal as Principal;
    return principal;
  }

  /** The global guard and that of a controller see one request, and ask once. */
  private wasAdmitted(request: Request): boolean {
    const principal = request[this.strategies.admitted];
    return principal !== undefined && principal === request.user;
  }

  private isPublic(context: ExecutionContext): boolean {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    let known = this.publics.get(handler);
    if (!known) this.publics.set(handler, (known = new WeakMap()));
    let isPublic = known.get(controller);
    if (isPublic === undefined) {
      isPublic =
        this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [handler, controller]) ?? false;
      known.set(controller, isPublic);
    }
    return isPublic;
  }

  /** Most requests bring a token that a strategy has verified before. */
  private isKnown(request: Request, context: ExecutionContext): boolean {
    const known = this.verified.recall(request.headers.authorization);
    if (known) request.user = this.handleRequest(null, known, undefined, context);
    return known !== undefined;
  }
}
