import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { Context, Span } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { DataSource, QueryRunner } from 'typeorm';
import { ourTracer, traceCalls, tracingApi } from '../observability/tracing';
import { REDIS, REDIS_REPLICA, type RedisClient } from '../storage/redis.service';
import { TANDEM } from '../storage/tandem';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the process traces. */
    trace?: { readonly span: Span; readonly context: Context };
  }
}

/** Asked every few seconds by those who watch. */
const UNTRACED = /^\/(health|metrics)\b/;

/** Spans of each request, and below it of its SQL statements and Redis commands. */
export function traceServer(app: NestFastifyApplication, fastify: FastifyInstance): void {
  traceRequests(fastify);
  traceStatements(app.get<DataSource>(getDataSourceToken(TANDEM), { strict: false }));
  for (const token of [REDIS, REDIS_REPLICA]) {
    const client = app.get<RedisClient | undefined>(token, { strict: false });
    if (client) traceCommands(client);
  }
}

/** Named by the route pattern, never by the path. The trace of a proxy goes on where it is trusted: see `heedProxies`. */
function traceRequests(fastify: FastifyInstance): void {
  const { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = tracingApi();
  const tracer = ourTracer();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { id, method, protocol, routeOptions, upstream } = request;
    const route = routeOptions.url;
    if (!route || !UNTRACED.test(route)) {
      const parent = propagation.extract(ROOT_CONTEXT, { traceparent: upstream?.traceparent });
      const attributes = {
        'http.request.method': method,
        'http.route': route,
        'url.scheme': protocol,
        'tandem.request_id': id,
      };
      const name = route ? `${method} ${route}` : method;
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
      request.trace = { span, context: trace.setSpan(parent, span) };
    }
    done();
  });
  // Not before: the body is read in the context of its connection.
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (request.trace) context.with(request.trace.context, done);
    else done();
  });
  fastify.addHook('onResponse', ({ trace: traced, refusal }, { statusCode }, done) => {
    traced?.span.setAttribute('http.response.status_code', statusCode);
    if (refusal) traced?.span.setAttribute('error.type', refusal.errorCode);
    if (statusCode >= 500) traced?.span.setStatus({ code: SpanStatusCode.ERROR });
    traced?.span.end();
    done();
  });
}

type Query = (text: string, ...more: unknown[]) => Promise<unknown>;

function traceStatements({ driver, options }: DataSource): void {
  const system = options.type === 'better-sqlite3' ? 'sqlite' : options.type;
  const create = driver.createQueryRunner.bind(driver);
  driver.createQueryRunner = (mode) => {
    const runner: QueryRunner = create(mode);
    traceCalls(runner as { query: Query }, 'query', {
      name: (text) => `${system} ${operationsOf(text)}`,
      attributes: (text) => ({
        'db.system.name': system,
        'db.operation.name': operationsOf(text),
      }),
      onlyWithin: true,
    });
    return runner;
  };
}

/** What the statements of a call begin with, each word once. */
function operationsOf(text: string): string {
  const words = text.split(';\n').map((statement) => /[A-Z]+/.exec(statement)?.[0] ?? 'SQL');
  return [...new Set(words)].join(' ');
}

type Send = (command: { readonly name: string }, ...more: unknown[]) => Promise<unknown>;

function traceCommands(client: RedisClient): void {
  traceCalls(client as unknown as { sendCommand: Send }, 'sendCommand', {
    name: ({ name }) => `redis ${name}`,
    attributes: ({ name }) => ({ 'db.system.name': 'redis', 'db.operation.name': name }),
    onlyWithin: true,
  });
}
