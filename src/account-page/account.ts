import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { type Caller, callerOfRequest } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import { type HttpRequest, requestOf } from '../contract/request';
import type { OpenVisit } from '../login-page/visits.service';

/** Where somebody is led back to who has shown on the way that it is they. */
export const TOPICS = {
  overview: '/account',
  password: '/account/password',
  number: '/account/number',
  deletion: '/account/deletion',
  export: '/account/export',
} as const;
export type Topic = keyof typeof TOPICS;

/** A request of somebody who is logged in, for a page of their account. */
export interface Account {
  readonly visit: OpenVisit;
  readonly principal: Principal;
  readonly caller: Caller;
}

/** What is known of one, also of a request that a guard refuses. */
export interface Asked {
  readonly visit: OpenVisit;
  readonly topic: Topic;
}

const asked = new WeakMap<object, Asked>();

export function noteAsked(request: object, page: Asked): void {
  asked.set(request, page);
}

export function askedOf(request: object): Asked | undefined {
  return asked.get(request);
}

export const CurrentAccount = createParamDecorator(
  (_: unknown, context: ExecutionContext): Account => {
    const request: HttpRequest = requestOf(context);
    const { visit } = askedOf(request)!;
    return { visit, principal: request.user as Principal, caller: callerOfRequest(request) };
  },
);

/** @throws ApiException `UNAUTHORIZED`: an account that was detached from its number has no sessions either. */
export function ownNumber(mobile: E164 | null | undefined): E164 {
  if (!mobile) throw new ApiException('UNAUTHORIZED');
  return mobile;
}
