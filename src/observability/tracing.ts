import type { Attributes, Span, SpanOptions, Tracer } from '@opentelemetry/api';

/** Where the API keeps what was registered with it: asked first, so that it is loaded only when there is something. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** Whether this process traces: an exporter of ours was started, or a host has registered a provider of its own. */
export function isTracing(): boolean {
  const registered = (globalThis as { [REGISTERED]?: { trace?: unknown } })[REGISTERED];
  return registered?.trace !== undefined;
}

export const tracingApi = () =>
  require('@opentelemetry/api') as typeof import('@opentelemetry/api');

export const ourTracer = (): Tracer => tracingApi().trace.getTracer('tandem');

/** What is told of a call: nothing that callers, users or providers have written. */
export interface Told<A extends unknown[], R> {
  readonly name: (...args: A) => string;
  readonly attributes: (...args: A) => Attributes;
  readonly ofResult?: (result: R) => Attributes;
  readonly ofError?: (error: unknown) => Attributes;
  /** Otherwise what the process does by itself, many times a second, would have traces, too. */
  readonly onlyWithin?: boolean;
}

/** Gives each call of a method of this one object a span, whose context nothing carries out of the process. */
export function traceCalls<K extends string, A extends unknown[], R>(
  target: { [Name in K]: (...args: A) => Promise<R> },
  method: K,
  told: Told<A, R>,
): void {
  const { context, SpanKind, trace } = tracingApi();
  const tracer = ourTracer();
  const original: (...args: A) => Promise<R> = target[method];
  const call = (...args: A) => original.apply(target, args);
  const traced = (...args: A) => {
    if (told.onlyWithin && !trace.getActiveSpan()) return call(...args);
    const options: SpanOptions = { kind: SpanKind.CLIENT, attributes: told.attributes(...args) };
    const span = tracer.startSpan(told.name(...args), options);
    const result = context.with(trace.setSpan(context.active(), span), call, undefined, ...args);
    // The caller gets the promise itself, which may be more than a promise.
    void end(span, result, told);
    return result;
  };
  Object.assign(target, { [method]: traced });
}

async function end<R>(span: Span, result: Promise<R>, told: Told<never, R>): Promise<void> {
  try {
    span.setAttributes(told.ofResult?.(await result) ?? {});
  } catch (error) {
    span.setAttributes({ 'error.type': typeOf(error), ...told.ofError?.(error) });
    span.setStatus({ code: tracingApi().SpanStatusCode.ERROR });
  }
  span.end();
}

/** Never the message, which may hold what was sent. */
function typeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: string };
  return typeof code === 'string' && /^[A-Z][A-Z_]+$/.test(code) ? code : (name ?? 'Error');
}
