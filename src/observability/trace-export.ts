import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DiagLogger } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { redact } from '../common/redact';
import type { Env } from '../config/env';
import { isTracing, tracingApi } from './tracing';

/** Of a shutdown: what a collector that is away has not taken by then is lost. */
const FLUSH_MS = 1000;
const COMPLAINT_MS = 60_000;

export interface TraceExport {
  /** Sends what is still here, for a second at most. Never fails. */
  flush(): Promise<void>;
}

/**
 * Loads the SDK and sends spans to the collector, in the background; it reads the other `OTEL_` variables itself.
 *
 * @returns undefined when nothing is configured, or a provider was registered before: the one of an agent that was preloaded.
 */
export function startTraceExport(env: Env, logger: Logger): TraceExport | undefined {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT || isTracing()) return undefined;
  const { diag, DiagLogLevel } = tracingApi();
  const { BatchSpanProcessor, NodeTracerProvider } =
    require('@opentelemetry/sdk-trace-node') as typeof import('@opentelemetry/sdk-trace-node');
  const { OTLPTraceExporter } =
    require('@opentelemetry/exporter-trace-otlp-proto') as typeof import('@opentelemetry/exporter-trace-otlp-proto');
  diag.setLogger(complaints(logger), DiagLogLevel.ERROR);
  const provider = new NodeTracerProvider({
    resource: resourceOf(env),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return {
    async flush() {
      const late = delay(FLUSH_MS, undefined, { ref: false });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

function resourceOf({ OTEL_SERVICE_NAME }: Env) {
  const { detectResources, envDetector, resourceFromAttributes } =
    require('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  // Several workers, and nodes, have one name.
  const process = resourceFromAttributes({ 'service.instance.id': randomUUID() });
  const named = resourceFromAttributes({ 'service.name': OTEL_SERVICE_NAME });
  return process.merge(detectResources({ detectors: [envDetector] })).merge(named);
}

const ignore = () => undefined;

/** One line a minute: a collector that is away fails several times in one. */
function complaints(logger: Logger): DiagLogger {
  let silentUntil = -Infinity;
  const error = (...details: unknown[]) => {
    const now = performance.now();
    if (now < silentUntil) return;
    silentUntil = now + COMPLAINT_MS;
    logger.warn({ context: 'Tracing' }, `Traces are not exported: ${reasonOf(details.join(' '))}`);
  };
  return { error, warn: ignore, info: ignore, debug: ignore, verbose: ignore };
}

/** The SDK gives an error as JSON, with its stack and what the collector has answered. */
function reasonOf(text: string): string {
  const [, message] = /"message":"([^"]{1,200})/.exec(text) ?? [];
  return redact(message ?? text.slice(0, 200));
}
