import type { DataSource } from 'typeorm';
import { nameIn } from '../storage/queries';
import { join, type Sql, sql } from '../storage/sql';

/** Takes away all that the audit knows of a person but their id, in the transaction that erases them; seals still fit. */
export function auditErasure(on: DataSource, userId: string, numberRefs: readonly string[]): Sql[] {
  const erase = sql`UPDATE ${nameIn(on, 'audit_events')} SET personal = NULL, number_ref = NULL, salt = NULL`;
  return [
    sql`${erase} WHERE user_id = ${userId} AND salt IS NOT NULL`,
    ...(numberRefs.length > 0 ? [sql`${erase} WHERE number_ref IN (${join(numberRefs)})`] : []),
  ];
}
