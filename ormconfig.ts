import type { DataSourceOptions } from 'typeorm';
import { loadEnv } from './src/config/load-env';
import type { Env } from './src/config/env';
import { dataSourceOptions as optionsOf, TandemDataSource } from './src/storage/data-source';
import { SCHEMA } from './src/schema';

/** For TypeORM's command line: `npx tsx node_modules/typeorm/cli.js -d ormconfig.ts migration:show`. */
export default new TandemDataSource(dataSourceOptions(loadEnv()));

export function dataSourceOptions(env: Env): DataSourceOptions {
  return optionsOf(env, SCHEMA);
}
