import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';

/** Where a request comes from. Nothing here is proven. */
export interface Caller {
  /** The client address, as far as the application trusts proxies to name it. */
  readonly address: string;
  readonly userAgent?: string;
  /** The header as it came. */
  readonly acceptLanguage?: string;
}

interface Request {
  /** Express knows none once the connection is gone. */
  readonly ip?: string;
  readonly headers: IncomingHttpHeaders;
}

export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => {
    const { ip = '', headers } = context.switchToHttp().getRequest<Request>();
    return {
      address: ip,
      userAgent: headers['user-agent'],
      acceptLanguage: headers['accept-language'],
    };
  },
);
