import { randomUUID } from 'node:crypto';

const given = new WeakMap<object, string>();

/** The name of a request in answers and logs: Fastify's, or that of a logger of the host; Express gives none. */
export function requestIdOf(request: { readonly id?: unknown }): string {
  const { id } = request;
  if (typeof id === 'string' || typeof id === 'number') return String(id);
  const known = given.get(request) ?? randomUUID();
  given.set(request, known);
  return known;
}
