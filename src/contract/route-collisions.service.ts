import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { StartError } from '../common/start-error';

/** Marks the handlers of Tandem's controllers. */
export const OF_TANDEM = 'tandem:own-route';

/** What Express has in its router, in the order in which it asks. */
interface Layer {
  readonly route?: {
    readonly path: string;
    readonly methods: Readonly<Record<string, boolean>>;
    readonly stack: readonly { readonly handle: object }[];
  };
  match(path: string): boolean;
}

interface Route {
  readonly path: string;
  readonly methods: string[];
  readonly isOwn: boolean;
  readonly layer: Layer;
}

/**
 * Ends a start in which a route of Tandem and one of the host take each other's requests. Fastify refuses such routes
 * by itself; Express asks the first and never gets to the second.
 */
@Injectable()
export class RouteCollisions implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  /** @throws StartError that names the route. */
  onModuleInit(): void {
    // A command has none.
    const adapter: HttpAdapterHost['httpAdapter'] | undefined = this.host.httpAdapter;
    if (adapter?.getType() !== 'express') return;
    const { router } = adapter.getInstance<{ router?: { stack: Layer[] } }>();
    const routes = (router?.stack ?? []).flatMap(routeOf);
    for (const [index, later] of routes.entries()) {
      const earlier = routes.slice(0, index).find((route) => isInTheWay(route, later));
      if (earlier) throw collision(earlier, later);
    }
  }
}

function routeOf(layer: Layer): Route[] {
  if (!layer.route || typeof layer.route.path !== 'string') return [];
  const { path, methods, stack } = layer.route;
  const isOwn = stack.some(({ handle }) => Reflect.hasMetadata(OF_TANDEM, handle));
  return [{ path, methods: Object.keys(methods), isOwn, layer }];
}

function isInTheWay(earlier: Route, later: Route): boolean {
  if (earlier.isOwn === later.isOwn) return false;
  const takes = (method: string) => earlier.methods.some((one) => one === method || one === '_all');
  return later.methods.some(takes) && earlier.layer.match(exampleOf(later.path));
}

/** A path that the pattern matches, with its optional parts left out. */
function exampleOf(pattern: string): string {
  return pattern.replaceAll(/\{[^{}]*\}/g, '').replaceAll(/[:*]\w+/g, '1');
}

function collision(earlier: Route, later: Route): StartError {
  const route = `${later.methods.join(', ').toUpperCase()} ${later.path}`;
  const [owner, other] = later.isOwn
    ? ['Tandem', 'the application']
    : ['the application', 'Tandem'];
  return new StartError(
    `${route} of ${owner} would never be reached: ${earlier.path} of ${other} takes its requests. Move either, or set routes.prefix.`,
  );
}
