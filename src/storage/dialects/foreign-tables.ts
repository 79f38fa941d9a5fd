import type { Table } from 'typeorm';
import { StartError } from '../../common/start-error';

/** @throws StartError unless a table that was found has the columns of the one that we would create. */
export function assertOurs({ name, columns }: Table, found: string[]): void {
  const ours = columns.map((column) => column.name);
  if (ours.length === found.length && ours.every((column) => found.includes(column))) return;
  throw new StartError(
    `The database has a table ${name} of another application: set TABLE_PREFIX, or use a database of its own.`,
  );
}
