#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

/** Only the one that is called is loaded: a secret needs no database. */
const COMMANDS: Record<string, () => (tandem: Command) => void> = {
  start: () => (require('./start') as typeof import('./start')).start,
  migrate: () => (require('./migrate') as typeof import('./migrate')).migrate,
  doctor: () => (require('./doctor') as typeof import('./doctor')).doctor,
  users: () => (require('./users') as typeof import('./users')).users,
  keys: () => (require('./keys') as typeof import('./keys')).keys,
  secret: () => (require('./secret') as typeof import('./secret')).secret,
  openapi: () => (require('./openapi') as typeof import('./openapi')).openapi,
};

/** `tandem COMMAND`: exits with 1 when a command fails, and with 2 when it was not called as its help says. */
async function main(parameters: string[]): Promise<void> {
  const tandem = new Command('tandem')
    .description('Phone-first authentication: the server, and what its operators need.')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError()
    .exitOverride();
  for (const load of called(parameters[0])) load()(tandem);
  await tandem.parseAsync(parameters, { from: 'user' });
}

/** For a list of them, or what is none, all. */
function called(name = '') {
  return Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]!] : Object.values(COMMANDS);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isUsage = error instanceof CommanderError;
  if (!isUsage) {
    // Loaded only now: it knows the errors of the framework and of the database.
    const { explain } = require('./failure') as typeof import('./failure');
    console.error(explain(error));
  }
  process.exitCode = isUsage ? Math.min(error.exitCode, 1) * 2 : 1;
});
