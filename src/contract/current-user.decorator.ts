import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestOf } from './request';

/** Who a verified token speaks for. */
export interface Principal {
  readonly tokenUse: 'access' | 'refresh';
  /** The `sub` claim: a user id. */
  readonly userId: string;
  /** The `sid` claim: the session that the token belongs to. */
  readonly sessionId: string;
  /** The `roles` claim: empty without one. */
  readonly roles: readonly string[];
}

export interface RefreshPrincipal extends Principal {
  readonly tokenUse: 'refresh';
  /** The `gen` claim: which generation of its session's tokens it is. */
  readonly generation: number;
  /** The `exp` claim, which is the end of the session. */
  readonly expiresAt: Date;
}

/** The caller of a guarded route. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal => requestOf(context).user as Principal,
);
