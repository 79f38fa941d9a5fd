import { SetMetadata } from '@nestjs/common';

/** Where Nest looks for the `config` of Fastify's route. Other marks are lost where it wraps the handler: a path with parameters. */
const ROUTE_CONFIG = '__fastify_route_config__';

export interface RouteConfig {
  /** Whether it reads the bytes of its body by itself. */
  readonly isRaw?: boolean;
  /** Whether its answer takes as long as the client wants, and so says nothing about the server. */
  readonly isStream?: boolean;
}

/** Tells the server about a route. */
export const WithConfig = (config: RouteConfig) => SetMetadata(ROUTE_CONFIG, config);
