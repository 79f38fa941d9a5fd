import type { ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type HttpRequest, requestOf } from '../contract/request';

/** A guard over strategies of this very Tandem. */
export abstract class TokenGuard extends AuthGuard() {
  /** Of the base class, which does not declare it. */
  declare protected options: { defaultStrategy: string[] };
  private readonly ownOptions: { defaultStrategy: string[] };

  /** @param strategies their names in passport, tried in turn. */
  constructor(strategies: string[]) {
    const options = { defaultStrategy: strategies };
    super(options);
    this.ownOptions = options;
  }

  override canActivate(context: ExecutionContext) {
    // Nest puts those that a host gives its own passport in their place.
    this.options = this.ownOptions;
    return super.canActivate(context);
  }

  /**
   * Where the headers of a call are found, and its caller is left as `user`: to be overridden for transports that are
   * neither HTTP nor GraphQL with the request as `req` of its context.
   */
  override getRequest(context: ExecutionContext): HttpRequest {
    return requestOf(context);
  }
}
