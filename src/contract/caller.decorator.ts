import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Where a request comes from. Nothing here is proven. */
export interface Caller {
  /** The client address, as far as `TRUST_PROXY` lets proxies name it. */
  readonly address: string;
  readonly userAgent?: string;
  /** The header as it came. */
  readonly acceptLanguage?: string;
}

export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => {
    const { ip, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    return {
      address: ip,
      userAgent: headers['user-agent'],
      acceptLanguage: headers['accept-language'],
    };
  },
);
