import type { FastifyInstance } from 'fastify';
import type { TestApp } from './test-app';

/** The name of a step, behind the branches of the tree that lead to it, and the methods that it has routes for. */
const STEP = /^([│ ├└─]*)(\S*) \(([^)]*)\)/;
const INDENT = 4;

/** Every route of a running application on Fastify, as its router tells. HEAD comes with each GET. */
export function routesOf(app: TestApp): string[] {
  const fastify: FastifyInstance = app.nest.getHttpAdapter().getInstance();
  const path: string[] = [];
  return fastify
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, branches, step, methods] = STEP.exec(line) ?? [];
      if (branches === undefined) return [];
      const depth = branches.length / INDENT - 1;
      path.splice(depth, Infinity, step!);
      const names = methods!.split(', ').filter((name) => !['-', 'HEAD'].includes(name));
      return names.map((name) => `${name} ${path.join('')}`);
    });
}
