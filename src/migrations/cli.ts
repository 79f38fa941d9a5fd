import { dataSourceOptions } from '../../ormconfig';
import { exitWith, loadEnv } from '../config/load-env';
import { migrate } from './migrate';

/** `npm run migrate`: brings the configured database up to date, for deployments that do it apart. */
async function main(): Promise<void> {
  const applied = await migrate(dataSourceOptions(loadEnv()));
  console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'Nothing to migrate.');
}

main().catch(exitWith);
