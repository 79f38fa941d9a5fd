import type { DataSource } from 'typeorm';
import { dialectOf } from './dialects/dialects';
import { execute, withRunner } from './runner';
import { raw, type Sql } from './sql';

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

/** Declares the shape of the rows of a SELECT. */
export const rowsOf = <R>(statement: Sql) => statement as Selection<R>;

export function select<R>(on: DataSource, { text, values }: Selection<R>): Promise<R[]> {
  return on.query(text, [...values]);
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
