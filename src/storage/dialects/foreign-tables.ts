import { StartError } from '../../common/start-error';

/**
 * @param columns those of our table of that name.
 * @param found those of the table in the database.
 * @throws StartError unless they are the same.
 */
export function assertOurs(table: string, columns: string[], found: string[]): void {
  const isOurs =
    columns.length === found.length && columns.every((column) => found.includes(column));
  if (!isOurs) throw foreignTable(table);
}

export function foreignTable(table: string): StartError {
  return new StartError(
    `The database has a table ${table} of another application: set TABLE_PREFIX, or use a database of its own.`,
  );
}
