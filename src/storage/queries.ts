import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from './dialects/dialects';
import { execute, type Outcome, withRunner } from './runner';
import { insertion, join, raw, type Sql, sql, type Value } from './sql';

declare const row: unique symbol;

/** A SELECT, with the shape of its rows. */
export interface Selection<R> extends Sql {
  readonly [row]: R;
}

/** The result of a statement: the rows of a selection, of any other the number of changed rows. */
type OutcomeOf<S> = S extends Selection<infer R> ? R[] : S extends Sql ? number : undefined;
type Outcomes<S> = { [Name in keyof S]: OutcomeOf<S[Name]> };

/** The name of a table or an index of ours in this database. */
export function nameIn(on: DataSource, name: string): Sql {
  return raw(`${on.options.entityPrefix ?? ''}${name}`);
}

/** The hint behind a table's name in a SELECT that makes the database read it by this index. */
export function byIndex(on: DataSource, name: string): Sql {
  return dialectOf(on).byIndex(nameIn(on, name).text);
}

/** Inserts a row unless one with its key is there: then it changes none. */
export function insertionUnlessThere(
  on: DataSource,
  table: Sql,
  values: Readonly<Record<string, Value>>,
): Sql {
  return insertion(table, values, dialectOf(on).insertUnlessThere);
}

/** Inserts a row, or changes the one with its key so. */
export function insertionOr(
  on: DataSource,
  table: Sql,
  values: Readonly<Record<string, Value>>,
  assignments: Sql,
): Sql {
  return sql`${insertion(table, values)} ${dialectOf(on).orUpdate} ${assignments}`;
}

/** Holds in a statement of {@link atomically} when the one before it has changed one row. */
export function ifChanged(on: DataSource): Sql {
  return dialectOf(on).oneChanged;
}

/** {@link insertionUnlessThere}, which may be followed by `AND` and conditions. */
export function insertionWhere(
  on: DataSource,
  table: Sql,
  values: Readonly<Record<string, Value>>,
): Sql {
  const columns = raw(Object.keys(values).join(', '));
  return sql`${dialectOf(on).insertUnlessThere} INTO ${table} (${columns})
    SELECT ${join(Object.values(values))} FROM (SELECT 1 AS one) AS only_row WHERE one = 1`;
}

/** Ends a SELECT, also one that rows are inserted from, whose rows nobody else may change before this transaction ends. */
export function forUpdate(on: DataSource): Sql {
  return dialectOf(on).forUpdate;
}

/** Declares the shape of the rows of a SELECT. */
export const rowsOf = <R>(statement: Sql) => statement as Selection<R>;

export function select<R>(on: DataSource, { text, values }: Selection<R>): Promise<R[]> {
  return on.query(text, [...values]);
}

/** The same for one that finds few rows by a key, and is worth less than a call of its own: what is asked in one turn goes together. */
export function lookUp<R>(on: DataSource, statement: Selection<R>): Promise<R[]> {
  return dialectOf(on).lookUp(on, statement) as Promise<R[]>;
}

/** @returns how many rows it changed. */
export function change(on: DataSource, statement: Sql): Promise<number> {
  return withRunner(on, async (runner) => (await execute(runner, statement)) as number);
}

/**
 * Runs statements in one transaction, in the order in which they are named; undefined ones are left out. None may
 * need the result of another.
 */
export async function atomically<S extends Record<string, Sql | undefined>>(
  on: DataSource,
  statements: S,
): Promise<Outcomes<S>> {
  const names = Object.keys(statements).filter((name) => statements[name] !== undefined);
  const outcomes = await dialectOf(on).atomically(
    on,
    names.map((name) => statements[name]!),
  );
  const named: Record<string, unknown> = {};
  for (let index = 0; index < names.length; index++) named[names[index]!] = outcomes[index];
  return named as Outcomes<S>;
}

/** The same for as many as there are: the rows of a selection, of any other the number of changed rows. */
export function inOneTransaction(on: DataSource, statements: readonly Sql[]): Promise<Outcome[]> {
  return dialectOf(on).atomically(on, statements);
}

/** Takes what was erased out of the database's own files, as far as they are in our reach: see its dialect. */
export function forget(on: DataSource): Promise<void> {
  return dialectOf(on).forget(on);
}

/** Runs statements, undefined ones left out, in the transaction of a manager: its locks are held for one call the less. */
export async function together(
  { queryRunner, dataSource }: EntityManager,
  ...statements: (Sql | undefined)[]
): Promise<void> {
  const given = statements.filter((statement) => statement !== undefined);
  await dialectOf(dataSource).together(queryRunner!, given);
}
