import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import type { ShownDevice } from '../sessions/device-tokens.service';
import { isShown } from '../sessions/live-devices';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, NOTHING, raw, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';

/** What a password is checked against, and on whose device. */
export interface Account {
  readonly id: string;
  readonly mobile: E164;
  readonly passwordHash: string | null;
  /** That of the user which was shown; null for strangers. */
  readonly deviceId: string | null;
}

/** Looks for the user of a username. */
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

  /** @returns null for an unknown username. */
  async find(username: string, shown: ShownDevice | null): Promise<Account | null> {
    const device = shown
      ? sql` LEFT JOIN ${this.devices} d ON d.user_id = u.id AND ${isShown(shown, this.clock.now())}`
      : NOTHING;
    const [row] = await select(
      this.dataSource,
      rowsOf<AccountRow>(sql`SELECT u.id, u.mobile, u.password_hash, ${raw(shown ? 'd.id' : 'NULL')} AS device_id
        FROM ${this.users} u${device} WHERE u.username = ${username}`),
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
}

interface AccountRow {
  id: Integer;
  mobile: E164;
  password_hash: string | null;
  device_id: Integer | null;
}
