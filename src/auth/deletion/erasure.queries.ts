import type { DataSource } from 'typeorm';
import { PERSONAL_DATA, type PersonalTable } from '../../common/personal-data';
import { nameIn } from '../../storage/queries';
import { join, raw, type Sql, sql } from '../../storage/sql';
import { conditionsOn, type DataSubject } from './data-subjects.service';

/** What takes away everything personal that `PERSONAL_DATA` lists, or what some of its tables hold, in the transaction that erases a user. */
export function erasureOf(
  on: DataSource,
  subject: DataSubject,
  tables: readonly string[] = Object.keys(PERSONAL_DATA),
): Sql[] {
  return tables.flatMap((name) => {
    const table = PERSONAL_DATA[name]!;
    const erase = table.erased === 'rows' ? deletion(on, name) : emptying(on, name, table);
    return erase ? conditionsOn(table, subject).map((which) => sql`${erase} WHERE ${which}`) : [];
  });
}

/** The same for what was written of users in one table after they were erased. */
export function emptying(on: DataSource, name: string, { columns }: PersonalTable): Sql | null {
  const erased = Object.keys(columns).filter((column) => columns[column]!.erased);
  if (erased.length === 0) return null;
  const empty = erased.map((column) => sql`${raw(column)} = ${emptyValue(on, name, column)}`);
  return sql`UPDATE ${nameIn(on, name)} SET ${join(empty)}`;
}

const deletion = (on: DataSource, name: string) => sql`DELETE FROM ${nameIn(on, name)}`;

function emptyValue(on: DataSource, name: string, column: string): '' | null {
  const table = on.entityMetadatas.find((one) => one.tableName === nameIn(on, name).text)!;
  return table.findColumnWithDatabaseName(column)!.isNullable ? null : '';
}
