import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** Who an access token speaks for. */
export interface Principal {
  readonly tokenUse: 'access';
  /** The `sub` claim: a user id. */
  readonly userId: string;
  /** The `sid` claim: the session that the token belongs to. */
  readonly sessionId: string;
  /** All that the token says, also what a hook of Tandem's host added. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The caller of a guarded route. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal =>
    context.switchToHttp().getRequest<{ user: Principal }>().user,
);
