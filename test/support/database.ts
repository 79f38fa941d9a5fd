import type { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { TandemDataSource } from '../../src/storage/data-source';
import { migrate } from '../../src/storage/migrate';
import { migratedStores } from './migrated-stores';
import { freshStores, type Mode } from './stores';

/** A migrated database of its own, connected as in the application. */
export async function openDatabase(
  mode: Mode,
  variables: Record<string, string> = {},
): Promise<DataSource> {
  const stores = await (variables.DATABASE_URL ? freshStores : migratedStores)(mode);
  const env = parseEnv({ ...stores, ...variables });
  await migrate(dataSourceOptions(env));
  return new TandemDataSource(dataSourceOptions(env)).initialize();
}
