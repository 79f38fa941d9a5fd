import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { migrate } from '../../src/storage/migrate';
import { limitWaiting } from '../../src/storage/mysql-query-runner';
import { isolateTransactions } from '../../src/storage/sqlite-query-runner';
import { freshStores, type Mode } from './stores';

/** A migrated database of its own, connected as in the application. */
export async function openDatabase(
  mode: Mode,
  variables: Record<string, string> = {},
): Promise<DataSource> {
  const env = parseEnv({ ...(await freshStores(mode)), ...variables });
  await migrate(dataSourceOptions(env));
  const dataSource = new DataSource(dataSourceOptions(env));
  return (env.sqliteFile ? isolateTransactions : limitWaiting)(dataSource).initialize();
}
