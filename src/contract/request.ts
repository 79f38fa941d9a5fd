import type { IncomingHttpHeaders } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';

/** What the requests of Express and Fastify have in common. */
export interface HttpRequest {
  /** As Fastify names it. */
  readonly id?: unknown;
  readonly headers: IncomingHttpHeaders;
  /** The client address, as far as the application trusts proxies; Express knows none once the connection is gone. */
  readonly ip?: string;
  body?: unknown;
  /** The bytes of the body, where the application keeps them. */
  readonly rawBody?: Buffer;
  /** Whom a guard has let in. */
  user?: unknown;
}

/** The HTTP request of a call, also of a resolver's, whose third argument is the context of GraphQL. */
export function requestOf(context: ExecutionContext): HttpRequest {
  if (context.getType<string>() !== 'graphql') return context.switchToHttp().getRequest();
  return context.getArgByIndex<{ req: HttpRequest }>(2).req;
}
