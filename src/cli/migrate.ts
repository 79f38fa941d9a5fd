import type { Command } from 'commander';
import type { Env } from '../config/env';
import { SCHEMA } from '../schema';
import { dataSourceOptions } from '../storage/data-source';
import { migrate as applyPending } from '../storage/migrate';
import { showProgress } from './progress';

export function migrate(tandem: Command, readEnv: () => Env): void {
  tandem
    .command('migrate')
    .description('Brings the database up to date, for deployments that do it apart from the start.')
    .option('--json', 'print the names of the applied migrations as JSON')
    .action((options: { json?: true }) => run(readEnv(), options));
}

async function run(env: Env, { json }: { json?: true }): Promise<void> {
  const migration = applyPending(dataSourceOptions(env, SCHEMA));
  const applied = await showProgress('Migrating', migration);
  if (json) console.log(JSON.stringify({ applied }));
  else console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'Nothing to migrate.');
}
