import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { migrate } from '../../src/storage/migrate';
import { runDirectory } from './run-directory';
import { freshStores, type Mode } from './stores';
import { until } from './until';

type Stores = Record<string, string>;

/** Fresh stores as the migrations of a first start leave them: to copy tables takes a tenth of the time to make them. */
export async function migratedStores(mode: Mode): Promise<Stores> {
  const [template, stores] = [await templateOf(mode), await freshStores(mode)];
  if (mode === 'standard') await copyTables(template, stores);
  else copyFileSync(parseEnv(template).sqliteFile!, parseEnv(stores).sqliteFile!);
  return stores;
}

/** One for all workers of this run, made by the one that needs it first. */
async function templateOf(mode: Mode): Promise<Stores> {
  const file = join(runDirectory(), `template-${mode}.json`);
  if (!existsSync(file)) await make(mode, file);
  return JSON.parse(readFileSync(file, 'utf8')) as Stores;
}

async function make(mode: Mode, file: string): Promise<void> {
  try {
    mkdirSync(`${file}.lock`);
  } catch {
    return until(() => existsSync(file));
  }
  const stores = await freshStores(mode);
  const options = dataSourceOptions(parseEnv(stores));
  await migrate(options);
  if (mode === 'embedded') await writeLogBack(options);
  writeFileSync(`${file}.new`, JSON.stringify(stores));
  renameSync(`${file}.new`, file);
}

/** The file alone is copied, and the log of SQLite outlives a connection until its statements are collected. */
async function writeLogBack(options: DataSourceOptions): Promise<void> {
  const dataSource = await new DataSource(options).initialize();
  await dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
  await dataSource.destroy();
}

async function copyTables(from: Stores, to: Stores): Promise<void> {
  const [source, target] = [from, to].map((stores) => new URL(stores.DATABASE_URL!));
  const connection = await createConnection({ uri: source!.href, multipleStatements: true });
  const [rows] = await connection.query<RowDataPacket[]>('SHOW TABLES');
  const tables = rows.map((row) => String(Object.values(row)[0]));
  const copies = tables.map(
    (table) => `CREATE TABLE ${of(target!, table)} LIKE ${of(source!, table)}`,
  );
  const applied = `INSERT INTO ${of(target!, 'migrations')} SELECT * FROM ${of(source!, 'migrations')}`;
  await connection.query([...copies, applied].join(';'));
  await connection.end();
}

const of = ({ pathname }: URL, table: string) => `\`${pathname.slice(1)}\`.\`${table}\``;
