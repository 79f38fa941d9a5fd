import { DataSource, type DataSourceOptions, InstanceChecker } from 'typeorm';
import type { Env } from '../config/env';
import { databaseAddress } from '../config/store-urls';
import { authorities } from './authorities';
import { dialectOf } from './dialects/dialects';
import { nameIn } from './queries';

/** The tables, and what made them. */
export interface Schema {
  readonly entities: Function[];
  readonly migrations: Function[];
}

/**
 * The options of every DataSource of ours: that of the server, of the command line, and of the tests.
 *
 * @param other a DataSource whose database is used instead of the one in `env`: only its address is taken.
 * @throws StartError for a database that Tandem does not support.
 */
export function dataSourceOptions(
  env: Env,
  { entities, migrations }: Schema,
  other?: DataSource | DataSourceOptions,
): DataSourceOptions {
  const address = other ? addressOf(other) : configured(env);
  const common = {
    entities,
    migrations,
    entityPrefix: env.TABLE_PREFIX,
    migrationsTableName: `${env.TABLE_PREFIX}migrations`,
    synchronize: false,
    migrationsRun: false,
  };
  return { ...dialectOf({ options: address }).connectionOptions(address, env), ...common };
}

/** A DataSource whose statements have deadlines and whose transactions are isolated from each other. */
export class TandemDataSource extends DataSource {
  constructor(options: DataSourceOptions) {
    super(options);
    dialectOf(this).isolate(this);
  }

  /** TypeORM does not add the prefix to index names. */
  protected override async buildMetadatas(): Promise<void> {
    await super.buildMetadatas();
    for (const index of this.entityMetadatas.flatMap(({ indices }) => indices)) {
      index.name = nameIn(this, index.name).text;
    }
  }
}

const addressOf = (other: DataSource | DataSourceOptions) =>
  InstanceChecker.isDataSource(other) ? other.options : other;

function configured(env: Env): DataSourceOptions {
  if (env.sqliteFile) {
    return { type: 'better-sqlite3', database: env.sqliteFile, driver: require('libsql') };
  }
  return { type: 'mysql', ...databaseAddress(env.DATABASE_URL!), ssl: tls(env.DATABASE_TLS) };
}

function tls(setting: string) {
  if (setting === 'off') return undefined;
  return { ca: authorities(setting), verifyIdentity: true, minVersion: 'TLSv1.2' };
}
