import { once } from 'node:events';
import type { Server } from 'node:http';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { limitConnections } from '../cluster/connection-limit';
import { ApiException } from '../common/errors';
import { RedactingLogger } from '../common/redacting-logger';
import { Env } from '../config/env';
import { serveHttp } from './http-server';

const ROUTE = '/metrics';
/** Those who scrape are few. */
const MAX_CONNECTIONS = 100;

/** With `METRICS_PORT` the metrics have a port of their own, and what clients reach has no such route. */
export function keepMetricsApart(fastify: FastifyInstance, { METRICS_PORT }: Env): void {
  if (METRICS_PORT === undefined) return;
  fastify.addHook('onRequest', ({ socket, routeOptions }, _reply, done) => {
    const isRight = (socket.localPort === METRICS_PORT) === (routeOptions.url === ROUTE);
    done(isRight ? undefined : new ApiException('NOT_FOUND'));
  });
}

/** Listens on `METRICS_PORT` from before the server does until it has answered its last request. */
@Injectable()
export class MetricsListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new RedactingLogger(MetricsListener.name);
  private server?: Server;

  constructor(
    private readonly env: Env,
    private readonly host: HttpAdapterHost,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { METRICS_PORT: port, HOST: host } = this.env;
    if (port === undefined) return;
    const main = this.host.httpAdapter.getHttpServer() as Server;
    this.server = serveHttp((request, response) => main.emit('request', request, response));
    this.server.on('clientError', (error, socket) => main.emit('clientError', error, socket));
    limitConnections(this.server, MAX_CONNECTIONS);
    await once(this.server.listen(port, host), 'listening');
    this.logger.log(`Metrics are served at http://${host}:${port}${ROUTE}`);
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
