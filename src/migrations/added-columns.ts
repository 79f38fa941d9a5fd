import type { QueryRunner } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';

/** Types by name, all of them nullable: the version before leaves them out. */
type AddedColumns = Readonly<Record<string, string>>;

interface AddedIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly isUnique?: boolean;
}

/** As MySQL, and as SQLite, tells of an index. */
const IS_THERE = /^Duplicate key name|^index \w+ already exists/i;

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

/** Also on a table that has it from a start that was killed. */
export async function addIndex(
  runner: QueryRunner,
  to: string,
  { name, columns, isUnique = false }: AddedIndex,
): Promise<void> {
  const kind = isUnique ? 'UNIQUE INDEX' : 'INDEX';
  const [index, table] = [name, to].map((ours) => nameIn(runner.dataSource, ours).text);
  try {
    await runner.query(`CREATE ${kind} ${index} ON ${table} (${columns.join(', ')})`);
  } catch (error) {
    if (!IS_THERE.test((error as Error).message)) throw error;
  }
}

/** Lets columns hold nothing, or not any more. */
export async function setNullable(
  runner: QueryRunner,
  of: string,
  columns: readonly string[],
  isNullable: boolean,
): Promise<void> {
  const name = nameIn(runner.dataSource, of).text;
  for (const column of columns) {
    const table = (await runner.getTable(name))!;
    const before = table.findColumnByName(column)!;
    const after = Object.assign(before.clone(), { isNullable });
    if (before.isNullable !== isNullable) await runner.changeColumn(table, before, after);
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
