import type { ExecutionContext } from '@nestjs/common';

/** The HTTP request of a call, also of a resolver's, whose third argument is the context of GraphQL. */
export function requestOf<T>(context: ExecutionContext): T {
  if (context.getType<string>() !== 'graphql') return context.switchToHttp().getRequest<T>();
  return context.getArgByIndex<{ req: T }>(2).req;
}
