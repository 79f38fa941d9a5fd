import { isatty } from 'node:tty';
import { RedactingLogger } from '../common/redacting-logger';
import type { Env } from '../config/env';

const STANDARD_OUTPUT = 1;

/** SIGHUP, which would end the process at once, asks a server to read its files again; only a terminal that was closed ends it. */
export function surviveHangUp(): void {
  const hadTerminal = isatty(STANDARD_OUTPUT);
  process.on('SIGHUP', () => {
    if (!hadTerminal || isatty(STANDARD_OUTPUT)) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}

/** Otherwise whoever sent the signal would wait for a word of it. */
export function noteVainReloads({ JWT_KEYS_FILE }: Env): void {
  const logger = new RedactingLogger('Reload');
  if (JWT_KEYS_FILE) return;
  process.on('SIGHUP', () => logger.log('SIGHUP: nothing to reload without JWT_KEYS_FILE'));
}
