import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestOf } from '../contract/request';
import type { Authority } from '../users/privileges.service';

/** Whom the guard of `/admin` has let in, as SQL had it at this request. */
export interface Operator extends Authority {
  readonly userId: string;
  readonly sessionId: string;
  /** The roles of operators among theirs are what `isAllowed` reads. */
  readonly roles: readonly string[];
}

const OPERATOR = Symbol('operator');

type AdminRequest = object & { [OPERATOR]?: Operator };

export function leaveOperator(context: ExecutionContext, operator: Operator): void {
  (requestOf(context) as AdminRequest)[OPERATOR] = operator;
}

export const operatorOf = (context: ExecutionContext): Operator =>
  (requestOf(context) as AdminRequest)[OPERATOR]!;

/** The operator who calls a route of `/admin`. */
export const CurrentOperator = createParamDecorator((_: unknown, context: ExecutionContext) =>
  operatorOf(context),
);
