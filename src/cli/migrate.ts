import { exitWith, loadEnv } from '../config/load-env';
import { dataSourceOptions } from '../storage/data-source';
import { migrate } from '../storage/migrate';
import { SCHEMA } from '../tandem.module';

/** `npm run migrate`: brings the configured database up to date, for deployments that do it apart. */
async function main(): Promise<void> {
  const applied = await migrate(dataSourceOptions(loadEnv(), SCHEMA));
  console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'Nothing to migrate.');
}

main().catch(exitWith);
