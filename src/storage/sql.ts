/** As it is stored: ids as decimal strings, times in epoch milliseconds. */
export type Value = string | number | null;

/** How 64-bit integers come back, by the driver. */
export type Integer = string | bigint;

/**
 * A statement or a fragment of one, the same for MySQL and SQLite: TypeORM's builders take several times as long as the
 * database. Input never becomes part of its text: it is bound as a value.
 */
export class Sql {
  constructor(
    readonly text: string,
    readonly values: readonly Value[],
  ) {}
}

/** `` sql`SELECT id FROM ${users} WHERE mobile = ${mobile}` ``: fragments become part of the text, everything else is bound as a value. */
export function sql(strings: TemplateStringsArray, ...parts: (Sql | Value)[]): Sql {
  let text = strings[0]!;
  const values: Value[] = [];
  for (let index = 0; index < parts.length; index++) {
    text += append(parts[index] as Sql | Value, values) + strings[index + 1]!;
  }
  return new Sql(text, values);
}

/** Text that is not bound as a value, and never input: the name of a table or a column. */
export const raw = (text: string) => new Sql(text, []);

export const NOTHING = raw('');

/** @param parts one at least. */
export function join(parts: readonly (Sql | Value)[], separator = ', '): Sql {
  const values: Value[] = [];
  const texts = parts.map((part) => append(part, values));
  return new Sql(texts.join(separator), values);
}

/** @returns the text of a part. */
function append(part: Sql | Value, values: Value[]): string {
  if (part instanceof Sql) {
    for (const value of part.values) values.push(value);
    return part.text;
  }
  values.push(part);
  return '?';
}

const INSERT = raw('INSERT');

/**
 * @param row values by column; columns that it leaves out become null.
 * @param insert the words before `INTO`.
 */
export function insertion(
  table: Sql,
  row: Readonly<Record<string, Value>>,
  insert: Sql = INSERT,
): Sql {
  const columns = raw(Object.keys(row).join(', '));
  return sql`${insert} INTO ${table} (${columns}) VALUES (${join(Object.values(row))})`;
}

/** @param rows one at least, all with the same columns. */
export function insertions(table: Sql, rows: readonly Readonly<Record<string, Value>>[]): Sql {
  const columns = raw(Object.keys(rows[0]!).join(', '));
  const values = rows.map((row) => sql`(${join(Object.values(row))})`);
  return sql`INSERT INTO ${table} (${columns}) VALUES ${join(values)}`;
}
