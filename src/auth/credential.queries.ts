import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import type { ShownDevice } from '../sessions/device-tokens.service';
import { isShown } from '../sessions/live-devices';
import { change, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, NOTHING, raw, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { rolesOf } from '../users/roles';

/** What a password is checked against, and on whose device. */
export interface Account {
  readonly id: string;
  readonly mobile: E164 | null;
  readonly passwordHash: string | null;
  /** That of the user which was shown; null for strangers. */
  readonly deviceId: string | null;
}

/** What users say who they are by, beside a password. */
export type LoginName = { readonly username: string } | { readonly mobile: E164 };

export interface OwnCredentials {
  readonly mobile: E164 | null;
  readonly passwordHash: string | null;
  readonly roles: readonly string[];
}

/** Reads what users log in with. */
@Injectable()
export class CredentialQueries {
  private readonly devices: Sql;
  private readonly users: Sql;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
  ) {
    this.devices = nameIn(dataSource, 'user_devices');
    this.users = nameIn(dataSource, 'users');
  }

  /** What the user of a session can prove; null when there is none. */
  async ofUser(id: string): Promise<OwnCredentials | null> {
    const [row] = await select(
      this.dataSource,
      rowsOf<OwnRow>(sql`SELECT mobile, password_hash, roles FROM ${this.users} WHERE id = ${id}`),
    );
    if (!row) return null;
    const { mobile, password_hash: passwordHash, roles } = row;
    return { mobile, passwordHash, roles: rolesOf(roles) };
  }

  /** @returns null for somebody unknown. */
  async find(name: LoginName, shown: ShownDevice | null): Promise<Account | null> {
    const device = shown
      ? sql` LEFT JOIN ${this.devices} d ON d.user_id = u.id AND ${isShown(shown, this.clock.now())}`
      : NOTHING;
    const [row] = await select(
      this.dataSource,
      rowsOf<AccountRow>(sql`SELECT u.id, u.mobile, u.password_hash, ${raw(shown ? 'd.id' : 'NULL')} AS device_id
        FROM ${this.users} u${device} WHERE ${isNamed(name)}`),
    );
    if (!row) return null;
    const { mobile, password_hash: passwordHash, device_id: deviceId } = row;
    return {
      id: String(row.id),
      mobile,
      passwordHash,
      deviceId: deviceId === null ? null : String(deviceId),
    };
  }

  /** Who had a number until its holder said that they were somebody else; the last of them, if they have none since. */
  async findDetached(mobile: E164): Promise<Account | null> {
    const changes = nameIn(this.dataSource, 'mobile_changes');
    const [row] = await select(
      this.dataSource,
      rowsOf<AccountRow>(sql`SELECT u.id, u.mobile, u.password_hash, NULL AS device_id
        FROM ${changes} c JOIN ${this.users} u ON u.id = c.user_id
        WHERE c.from_mobile = ${mobile} AND c.state = 'detached' AND u.mobile IS NULL
        AND u.password_hash IS NOT NULL ORDER BY c.id DESC LIMIT 1`),
    );
    if (!row) return null;
    return { id: String(row.id), mobile: null, passwordHash: row.password_hash, deviceId: null };
  }

  /** @returns whether the old one was still in force. */
  async replaceHash(id: string, old: string, fresh: string): Promise<boolean> {
    const statement = sql`UPDATE ${this.users} SET password_hash = ${fresh}
      WHERE id = ${id} AND password_hash = ${old}`;
    return (await change(this.dataSource, statement)) === 1;
  }

  async hashOf(id: string): Promise<string | null> {
    const [row] = await select(
      this.dataSource,
      rowsOf<Pick<AccountRow, 'password_hash'>>(
        sql`SELECT password_hash FROM ${this.users} WHERE id = ${id}`,
      ),
    );
    return row?.password_hash ?? null;
  }
}

const isNamed = (name: LoginName) =>
  'mobile' in name ? sql`u.mobile = ${name.mobile}` : sql`u.username = ${name.username}`;

interface OwnRow {
  mobile: E164 | null;
  password_hash: string | null;
  roles: string | null;
}

interface AccountRow {
  id: Integer;
  mobile: E164 | null;
  password_hash: string | null;
  device_id: Integer | null;
}
