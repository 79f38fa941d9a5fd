import { nameIn, rowsOf, select } from '../../../src/storage/queries';
import { type Integer, join, sql } from '../../../src/storage/sql';
import { RESERVED } from '../../../src/users/reserved-number';
import type { TestApp } from '../test-app';

/** Who has a number, as the database says. */
export interface Held {
  readonly id: string;
  readonly mobile: string;
}

/** Which users have these numbers; what keeps one from everybody is no user. */
export async function heldOf({ sql: on }: TestApp, numbers: readonly string[]): Promise<Held[]> {
  const rows = await select(
    on,
    rowsOf<{ id: Integer; mobile: string }>(sql`SELECT id, mobile FROM ${nameIn(on, 'users')}
      WHERE mobile IN (${join(numbers)}) AND status <> ${RESERVED}`),
  );
  return rows.map(({ id, mobile }) => ({ id: String(id), mobile }));
}
