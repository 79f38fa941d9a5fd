import type { QueryRunner } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';

/** Types by name, all of them nullable: the version before leaves them out. */
type AddedColumns = Readonly<Record<string, string>>;

/** A start that was killed in between goes on with what is missing. */
export async function addColumns(
  runner: QueryRunner,
  to: string,
  columns: AddedColumns,
): Promise<void> {
  const table = nameIn(runner.dataSource, to).text;
  const known = await dialectOf(runner.dataSource).columnsOf(runner, table);
  for (const [name, type] of Object.entries(columns)) {
    if (!known.includes(name))
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
  }
}

export async function dropColumns(
  runner: QueryRunner,
  from: string,
  columns: AddedColumns,
): Promise<void> {
  const table = nameIn(runner.dataSource, from).text;
  for (const name of Object.keys(columns)) {
    await runner.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
  }
}
