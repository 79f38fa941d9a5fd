import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController } from 'fastify';
import { AppModule } from './app.module';
import { acceptBodies } from './body-parsers';
import type { Env } from './config/env';
import { serveDocs } from './docs';
import { refuseEarly } from './early-refusals';
import { createLogger, NestLogger } from './observability/logger';
import { MetricsService } from './observability/metrics.service';
import { observeRequests } from './observability/request-log';
import { DrainService } from './ops/drain.service';

/** Bytes. The largest body that the contract knows is a profile. */
const BODY_LIMIT = 16 * 1024;
/** Milliseconds for a request to arrive in full. */
const REQUEST_TIMEOUT = 10_000;

/** The server, ready to listen: the same for `main.ts` and the tests. */
export async function createApp(
  env: Env,
  root: Parameters<typeof NestFactory.create>[0] = AppModule.forRoot(env),
): Promise<NestFastifyApplication> {
  const logger = createLogger(env);
  const adapter: FastifyAdapter = new FastifyAdapter({
    loggerInstance: logger,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    genReqId: () => randomUUID(),
    trustProxy: trustProxy(env.TRUST_PROXY),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    ...refuseEarly(() => app.get(MetricsService)),
  });
  const app: NestFastifyApplication = await NestFactory.create(root, adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  acceptBodies(adapter.getInstance());
  forbidCaching(adapter);
  announceClose(adapter, app.get(DrainService));
  observeRequests(adapter.getInstance(), app.get(MetricsService));
  if (env.CORS_ORIGINS.length > 0) app.enableCors(corsFor(env.CORS_ORIGINS));
  serveDocs(app, env);
  return app;
}

function corsFor(origin: string[]) {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
  return { origin, methods, exposedHeaders: ['Retry-After', 'WWW-Authenticate'] };
}

/** A number means: so many proxies stand in front of us, wherever they are. */
function trustProxy(trusted: Env['TRUST_PROXY']) {
  return typeof trusted === 'number' ? (_: string, hop: number) => hop < trusted : trusted;
}

/** Answers hold tokens and personal data (RFC 6749, section 5.1). */
function forbidCaching(adapter: FastifyAdapter): void {
  adapter.getInstance().addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store');
    done();
  });
}

/** Otherwise a client may send its next request on a connection that is being closed. */
function announceClose(adapter: FastifyAdapter, drain: DrainService): void {
  adapter.getInstance().addHook('onSend', (_request, reply, _payload, done) => {
    if (drain.isDraining) void reply.header('connection', 'close');
    done();
  });
}
