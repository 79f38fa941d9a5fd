import { type DataSource, Table, type TableColumnOptions, type TableOptions } from 'typeorm';
import { nameIn } from '../storage/queries';

export const text = (name: string, length: number, isNullable = false): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  isNullable,
});

export const bigint = (name: string, isNullable = false): TableColumnOptions => ({
  name,
  type: 'bigint',
  isNullable,
});

export const integer = (name: string, isNullable = false): TableColumnOptions => ({
  name,
  type: 'integer',
  isNullable,
});

export const primary = (column: TableColumnOptions): TableColumnOptions => ({
  ...column,
  isPrimary: true,
});

export const index = (name: string, columns: string | string[], isUnique = false) => ({
  name,
  columnNames: [columns].flat(),
  isUnique,
});

/** With the names that it and its indexes have in this database. */
export function tableIn(dataSource: DataSource, table: TableOptions): Table {
  const named = (name: string) => nameIn(dataSource, name).text;
  const indices = table.indices?.map((one) => ({ ...one, name: named(one.name!) }));
  return new Table({ ...table, name: named(table.name), indices });
}
