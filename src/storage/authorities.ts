import { readFileSync } from 'node:fs';

/** The certificates in the file that a setting of TLS names; undefined for `on`, which trusts those that everyone does. */
export function authorities(setting: string): string | undefined {
  return setting === 'on' ? undefined : readFileSync(setting, 'utf8');
}
