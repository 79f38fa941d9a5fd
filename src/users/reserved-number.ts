import type { DataSource } from 'typeorm';
import type { E164 } from '../common/phone-number';
import { nameIn } from '../storage/queries';
import { insertion, type Sql, sql } from '../storage/sql';
import type { UserStatus } from './user.entity';

/**
 * The status of a row of `users` that is nobody: it keeps a number that was changed from everybody else, and has the id of
 * the `MobileChange`. There, because one index decides then who has a number, whatever happens at the same time, and a login
 * that meets it needs no further question.
 */
export const RESERVED = 'reserved';

/** Those of users. */
export const USER_STATUSES = ['active', 'disabled'] as const satisfies UserStatus[];

export function reservation(on: DataSource, changeId: string, mobile: E164, now: number): Sql {
  return insertion(nameIn(on, 'users'), {
    id: changeId,
    mobile,
    name: '',
    status: RESERVED,
    last_login: now,
    created_at: now,
    updated_at: now,
  });
}

export const release = (on: DataSource, changeId: string): Sql =>
  sql`DELETE FROM ${nameIn(on, 'users')} WHERE id = ${changeId} AND status = ${RESERVED}`;
