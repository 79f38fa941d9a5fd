import type { E164 } from '../common/phone-number';
import type { NewSession } from '../sessions/sessions.service';
import { NOTHING, type Sql, sql } from '../storage/sql';
import type { LoginDevice } from './device.queries';

/** Whom a login is for, and what it has proved. */
export type Owner = NumberOwner | { readonly id: string; readonly passwordHash: string | null };

/** Whoever has the number, if they are still who had it: a condition on a user that is called `u`. */
export interface NumberOwner {
  readonly mobile: E164;
  readonly holder?: Sql;
}

/** Who logs in, and what they get. */
export interface Login {
  readonly owner: Owner;
  readonly session: NewSession;
  /** Of a login by code. */
  readonly device: LoginDevice | null;
  readonly requestId?: string;
}

/** Matches the account, in a statement that calls it `u`, if the owner may log in. */
export function openTo(owner: Owner): Sql {
  return 'mobile' in owner
    ? sql`u.mobile = ${owner.mobile} AND u.status = 'active'${owner.holder ? sql` AND ${owner.holder}` : NOTHING}`
    : sql`u.id = ${owner.id} AND u.status = 'active'
        AND COALESCE(u.password_hash, '') = ${owner.passwordHash ?? ''}`;
}
