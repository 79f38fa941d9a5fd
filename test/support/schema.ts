import type { DataSource } from 'typeorm';
import type { Mode } from './stores';

const SCHEMA = {
  embedded: `SELECT CONCAT_WS(' ', t.name, c.name, c.type, c."notnull", c.pk) AS text
    FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'
    UNION SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY text`,
  standard: `SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, collation_name) AS text
    FROM information_schema.columns WHERE table_schema = DATABASE()
    UNION SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name)
    FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY text`,
};

/** Every table, column and index of a database, and the migrations that made them. */
export async function readSchema(database: DataSource, mode: Mode) {
  const rows: { text: string }[] = await database.query(SCHEMA[mode]);
  const migrations: { id: number | bigint; name: string }[] = await database.query(
    'SELECT id, name FROM migrations',
  );
  return {
    schema: rows.map(({ text }) => text),
    migrations: migrations.map(({ id, name }) => `${id} ${name}`),
  };
}
