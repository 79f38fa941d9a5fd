import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type HttpRequest, requestOf } from './request';
import { requestIdOf } from './request-id';
import { type Subject, subjectOf } from './request-subject';

/** Where a request comes from. Nothing here is proven. */
export interface Caller {
  /** The client address, as far as the application trusts proxies to name it. */
  readonly address: string;
  readonly userAgent?: string;
  /** The header as it came. */
  readonly acceptLanguage?: string;
  /** Names the request in answers and logs. */
  readonly requestId?: string;
  /** What the request turns out to be about, for its line in the log. */
  readonly about?: Subject;
}

export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context),
);

export const callerOf = (context: ExecutionContext): Caller => callerOfRequest(requestOf(context));

export function callerOfRequest(request: HttpRequest): Caller {
  const { ip = '', headers } = request;
  return {
    address: ip,
    userAgent: headers['user-agent'],
    acceptLanguage: headers['accept-language'],
    requestId: requestIdOf(request),
    about: subjectOf(request),
  };
}
