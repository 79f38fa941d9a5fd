import { Command, CommanderError } from 'commander';
import type { Env } from '../config/env';

/** Adds itself to the program. */
export type AddCommand = (tandem: Command, readEnv: () => Env) => void;

export interface Program {
  readonly description: string;
  /** Each is loaded when it is called: a secret needs no database. */
  readonly commands: Readonly<Record<string, () => AddCommand>>;
  /** Where commands find their configuration. @throws EnvError */
  readonly readEnv: () => Env;
}

/** Runs `tandem COMMAND`: exits with 1 when a command fails, and with 2 when it was not called as its help says. */
export function runProgram(program: Program, parameters = process.argv.slice(2)): void {
  execute(program, parameters).catch((error: unknown) => {
    const isUsage = error instanceof CommanderError;
    if (!isUsage) {
      // Loaded only now: it knows the errors of the framework and of the database.
      const { explain } = require('./failure') as typeof import('./failure');
      console.error(explain(error));
    }
    process.exitCode = isUsage ? Math.min(error.exitCode, 1) * 2 : 1;
  });
}

async function execute(program: Program, parameters: string[]): Promise<void> {
  const tandem = new Command('tandem')
    .description(program.description)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError()
    .exitOverride();
  for (const load of called(program, parameters[0])) load()(tandem, program.readEnv);
  await tandem.parseAsync(parameters, { from: 'user' });
}

/** For a list of them, or what is none, all. */
function called({ commands }: Program, name = '') {
  return Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
}
