import { Logger } from '@nestjs/common';
import { redact } from './redact';

/** Of a line, for programs to search by: nothing that has to be redacted. */
type Fields = Readonly<Record<string, string | undefined>>;

/**
 * Nest's logger for the services of Tandem, whose lines may go to the logger of a host application: an error of a driver
 * holds the statement and its parameters, and any logger may print all that an error holds.
 */
export class RedactingLogger extends Logger {
  // Nest gives its own several signatures for what it calls in one way.
  override error(message: unknown, ...details: (string | Fields | undefined)[]): void {
    super.error(redacted(message), ...details.map(redactedDetail));
  }

  override warn(message: unknown, ...details: string[]): void {
    super.warn(redacted(message), ...details.map(redact));
  }

  override log(message: string): void {
    super.log(redact(message));
  }
}

const redactedDetail = (detail: string | Fields | undefined) =>
  typeof detail === 'string' ? redact(detail) : detail;

function redacted(message: unknown): string | Error {
  return message instanceof Error ? new RedactedError(message) : redact(String(message));
}

/** What may be known of an error: its class, code, message and stack. */
class RedactedError extends Error {
  declare readonly code?: unknown;

  constructor({ name, message, stack, code }: Error & { code?: unknown }) {
    super(redact(message));
    Object.defineProperty(this, 'name', { value: name });
    Object.defineProperty(this, 'stack', { value: redact(stack ?? '') });
    if (code !== undefined) this.code = code;
  }
}
