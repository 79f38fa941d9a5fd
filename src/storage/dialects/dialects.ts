import type { DataSource, DataSourceOptions } from 'typeorm';
import { StartError } from '../../common/start-error';
import type { Dialect } from './dialect';
import { mysql } from './mysql';
import { sqlite } from './sqlite';

const DIALECTS: Partial<Record<DataSourceOptions['type'], Dialect>> = {
  mysql,
  mariadb: mysql,
  'better-sqlite3': sqlite,
};

/** @throws StartError for a type of database that Tandem does not support. */
export function dialectOf({ options: { type } }: Pick<DataSource, 'options'>): Dialect {
  const dialect = DIALECTS[type];
  if (dialect) return dialect;
  const supported = Object.keys(DIALECTS).join(', ');
  throw new StartError(`Tandem does not support databases of type ${type}: use ${supported}.`);
}
