import type { DataSource } from 'typeorm';
import { dialectOf } from './dialects/dialects';
import { execute, withRunner } from './runner';
import { raw, type Sql } from './sql';

declare const row: unique symbol;

/** A SELECT, with the shape of its rows. */
export interface Selection<R> extends Sql {
  readonly [row]: R;
}

/** What becomes of a statement: the rows of a selection, how many rows any other has changed. */
type OutcomeOf<S> = S extends Selection<infer R> ? R[] : S extends Sql ? number : undefined;
type Outcomes<S> = { [Name in keyof S]: OutcomeOf<S[Name]> };

/** The name of a table or an index of ours in this database. */
export function nameIn(on: DataSource, name: string): Sql {
  return raw(`${on.options.entityPrefix ?? ''}${name}`);
}

/** Follows a table in a SELECT, which then reads it by this index. */
export function byIndex(on: DataSource, name: string): Sql {
  return dialectOf(on).byIndex(nameIn(on, name).text);
}

/** Says of which shape the rows of a SELECT are. */
export const rowsOf = <R>(statement: Sql) => statement as Selection<R>;

export function select<R>(on: DataSource, { text, values }: Selection<R>): Promise<R[]> {
  return on.query(text, [...values]);
}

/** @returns how many rows it changed. */
export function change(on: DataSource, statement: Sql): Promise<number> {
  return withRunner(on, async (runner) => (await execute(runner, statement)) as number);
}

/**
 * A transaction of statements of which none waits for the outcome of another, in the order in which they are named;
 * those that are undefined are left out.
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
