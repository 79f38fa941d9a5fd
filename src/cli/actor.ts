import { hostname, userInfo } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import type { Authority } from '../users/privileges.service';

/** Who gives a command, where an account of the system is that of many. */
export interface AsOption {
  readonly as?: string;
}

export const asOption = () =>
  new Option('--as <name>', 'who gives the command, for the audit').argParser(name);

/** As it stands in a line of the audit. */
export const reasonOption = () =>
  new Option('--reason <text>', 'why, for the audit').argParser(reason);

/** The audit has the account of the system and the host beside the name that somebody gives. */
export function byCommand({ as }: AsOption): Authority {
  const [systemUser, host] = [accountOfSystem(), hostname()];
  return {
    actor: { kind: 'cli', id: as ?? systemUser, detail: { system_user: systemUser, host } },
  };
}

/** A container may run under an id that has no account. */
function accountOfSystem(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}

function reason(text: string): string {
  if (/^[^\p{C}]{1,200}$/u.test(text)) return text;
  throw new InvalidArgumentError('It must be a sentence of up to 200 characters.');
}

function name(text: string): string {
  if (/^[^\p{C}]{1,64}$/u.test(text)) return text;
  throw new InvalidArgumentError('It must be a name of up to 64 characters.');
}
