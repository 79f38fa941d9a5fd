import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { type Env } from '../config/env';
import { EnvError } from '../config/load-env';
import { redact } from '../common/redact';
import { TERMINAL_LINES } from './terminal-lines';

/** Fields that never belong in a log, at the top of a line or one object down. */
const SECRET_FIELDS = [
  'authorization',
  'code',
  'device_token',
  'idempotency-key',
  'mobile',
  'password',
  'refresh_token',
  'token',
];

/** PIPE_BUF: the most that is written atomically to a pipe, which several processes may share. */
const BLOCK_BYTES = 4096;
/** Leaves room for one more line. */
const MIN_BYTES = 3500;
const FLUSH_MS = 100;
let output: DestinationStream | undefined;

/** Formats once per millisecond: many lines share it. */
function isoTime(): () => string {
  let [at, text] = [NaN, ''];
  return () => {
    const now = Date.now();
    if (now !== at) [at, text] = [now, `,"time":"${new Date(now).toISOString()}"`];
    return text;
  };
}

/** Lines of JSON on standard output; on a terminal, lines for people. */
export function createLogger(env: Env): Logger {
  return pino(
    {
      level: env.LOG_LEVEL,
      redact: SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`]),
      serializers: { err: describeError },
      timestamp: isoTime(),
      formatters: { level: (level) => ({ level }) },
    },
    (process.stdout.isTTY && prettyStream()) || standardOutput(),
  );
}

/**
 * One for the process. Writes blocks: a system call for every line would cost a tenth of a request. A process that
 * is killed loses what it logged within the last {@link FLUSH_MS}.
 */
function standardOutput() {
  if (output) return output;
  const periodicFlush = FLUSH_MS;
  const created = pino.destination({
    minLength: MIN_BYTES,
    maxWrite: BLOCK_BYTES,
    periodicFlush,
    sync: true,
  });
  process.once('exit', () => created.flushSync());
  return (output = created);
}

/** A development dependency: where it is not installed, a terminal shows JSON, too. */
function prettyStream() {
  try {
    const { PinoPretty } = require('pino-pretty') as typeof import('pino-pretty');
    return PinoPretty(TERMINAL_LINES);
  } catch {
    return undefined;
  }
}

/** A driver's error carries the statement, its parameters and the duplicate value: none is logged. */
function describeError(error: Error & { code?: unknown }) {
  return {
    type: error.name,
    // Not `code`, which the redaction takes for one of ours.
    reason: error.code,
    message: redact(error.message ?? ''),
    stack: redact(error.stack ?? ''),
  };
}

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Nest's lines about every module and route at start: logged as debug. */
const START_DETAILS = new Set([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Hands what Nest and its modules log to pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const isDetail = START_DETAILS.has(String(rest.at(-1)));
    this.write(isDetail ? 'debug' : 'info', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // Nest logs whatever stops the start before it throws it; this one `main.ts` prints for people.
    if (message instanceof EnvError && rest.at(-1) === 'ExceptionHandler') return;
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** `logger.error(error, 'what failed', { fields })` arrives as those three and the name of the class. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const details = rest.slice(0, -1).filter((detail) => typeof detail === 'string');
    const fields = rest.find((detail) => typeof detail === 'object' && detail !== null);
    if (message instanceof Error) {
      this.logger[level](
        { err: message, context, ...fields },
        details.join(' ') || redact(message.message),
      );
    } else {
      this.logger[level](
        { context, ...fields },
        redact([message, ...details].map(String).join(' ')),
      );
    }
  }
}
