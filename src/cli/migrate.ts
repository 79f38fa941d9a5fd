import type { Command } from 'commander';
import { loadEnv } from '../config/load-env';
import { SCHEMA } from '../schema';
import { dataSourceOptions } from '../storage/data-source';
import { migrate as applyPending } from '../storage/migrate';
import { showProgress } from './progress';

export function migrate(tandem: Command): void {
  tandem
    .command('migrate')
    .description('Brings the database up to date, for deployments that do it apart from the start.')
    .option('--json', 'print the names of the applied migrations as JSON')
    .action(run);
}

async function run({ json }: { json?: true }): Promise<void> {
  const options = dataSourceOptions(loadEnv(), SCHEMA);
  const applied = await showProgress('Migrating', applyPending(options));
  if (json) console.log(JSON.stringify({ applied }));
  else console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'Nothing to migrate.');
}
