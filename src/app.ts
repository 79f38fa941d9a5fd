import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyBaseLogger, LogController } from 'fastify';
import { AccountPageModule } from './account-page/account-page.module';
import { NumberRefsService } from './audit/number-refs.service';
import type { Env } from './config/env';
import { ConsoleModule } from './console/console.module';
import { acceptBodies } from './http/body-parsers';
import { answerOrigins } from './http/cors';
import { serveDocs } from './http/docs';
import { refuseEarly } from './http/early-refusals';
import { boundConnections, serveHttp } from './http/http-server';
import { keepMetricsApart } from './http/metrics-listener';
import { heedProxies, trustedProxies } from './http/proxies';
import { observeRequests } from './http/request-log';
import { markRoutedRequests } from './http/routed-requests';
import { sendSecurityHeaders } from './http/security-headers';
import { type OwnModules, ServerModule } from './http/server.module';
import { refuseAmbiguousRequests } from './http/strict-requests';
import { traceServer } from './http/traced-server';
import { createLogger, NestLogger } from './observability/logger';
import { MetricsService } from './observability/metrics.service';
import { startTraceExport } from './observability/trace-export';
import { DrainService } from './ops/drain.service';

/** Bytes. The largest body that the contract knows is a profile. */
const BODY_LIMIT = 16 * 1024;

/** DTOs describe what comes in and goes out: the compilers of Fastify's schemas, a hundred files, are not loaded. */
const NO_SCHEMAS = { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } };

/** The server around {@link TandemModule}, ready to listen: the same for `main.ts` and the tests. */
export async function createApp(env: Env, own: OwnModules = {}): Promise<NestFastifyApplication> {
  const logger = createLogger(env);
  const traces = startTraceExport(env, logger);
  const trusts = trustedProxies(env);
  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // Lines about a request name it themselves: a logger for each would cost as much as its line.
    childLoggerFactory: (parent: FastifyBaseLogger) => parent,
    genReqId: () => randomUUID(),
    trustProxy: env.TRUST_PROXY !== false && trusts,
    bodyLimit: BODY_LIMIT,
    schemaController: NO_SCHEMAS,
    serverFactory: serveHttp,
    ...refuseEarly(env),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    ServerModule.forRoot(env, withPages(env, own)),
    adapter,
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  const metrics = app.get<MetricsService>(MetricsService);
  boundConnections(adapter.getHttpServer(), env, logger, metrics);
  sendSecurityHeaders(adapter.getInstance(), env);
  answerOrigins(adapter.getInstance(), env);
  heedProxies(adapter.getInstance(), trusts);
  if (traces) {
    traceServer(app, adapter.getInstance());
    adapter.getInstance().addHook('onClose', () => traces.flush());
  }
  refuseAmbiguousRequests(adapter.getInstance());
  keepMetricsApart(adapter.getInstance(), env);
  acceptBodies(adapter.getInstance());
  markRoutedRequests(adapter.getInstance());
  announceClose(adapter, app.get(DrainService));
  const numbers = app.get<NumberRefsService>(NumberRefsService, { strict: false });
  observeRequests(adapter.getInstance(), logger, metrics, numbers, env);
  serveDocs(adapter.getInstance(), env);
  return app;
}

function withPages({ CONSOLE, LOGIN_PAGE }: Env, { imports = [], ...own }: OwnModules): OwnModules {
  const pages = [...(LOGIN_PAGE ? [AccountPageModule] : []), ...(CONSOLE ? [ConsoleModule] : [])];
  return { ...own, imports: [...pages, ...imports] };
}

function noSchemas(): never {
  throw new Error('A route has a schema of Fastify: it wants a DTO.');
}

/** Otherwise a client may send its next request on a connection that is being closed. */
function announceClose(adapter: FastifyAdapter, drain: DrainService): void {
  adapter.getInstance().addHook('onSend', (_request, reply, _payload, done) => {
    if (drain.isDraining) void reply.header('connection', 'close');
    done();
  });
}
