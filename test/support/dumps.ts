import Redis from 'ioredis';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';

/** Every row of every table, or of those of these names, as text. */
export async function dumpSql(env: Record<string, string>, names?: string[]): Promise<string> {
  const database = await new DataSource(dataSourceOptions(parseEnv(env))).initialize();
  const tables = names ?? database.entityMetadatas.map(({ tableName }) => tableName);
  const rows = await Promise.all(tables.map((table) => database.query(`SELECT * FROM ${table}`)));
  await database.destroy();
  return JSON.stringify(rows.flat(), (_, value) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** Every key of a Redis database with its value, which must be a string, as text. */
export async function dumpRedis(url: string): Promise<Record<string, string>> {
  const client = new Redis(url);
  const keys = await client.keys('*');
  const values = keys.length > 0 ? await client.mget(keys) : [];
  client.disconnect();
  return Object.fromEntries(keys.map((key, index) => [key, values[index] ?? 'not a string']));
}
