import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestOf } from './request';

/** Where a request comes from. Nothing here is proven. */
export interface Caller {
  /** The client address, as far as the application trusts proxies to name it. */
  readonly address: string;
  readonly userAgent?: string;
  /** The header as it came. */
  readonly acceptLanguage?: string;
}

export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => {
    const { ip = '', headers } = requestOf(context);
    return {
      address: ip,
      userAgent: headers['user-agent'],
      acceptLanguage: headers['accept-language'],
    };
  },
);
