import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { DeviceSecret, ShownDevice } from '../sessions/device-tokens.service';
import { isShown, usedAfter } from '../sessions/live-devices';
import type { NewSession } from '../sessions/sessions.service';
import { nameIn } from '../storage/queries';
import { insertion, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';

/** The oldest gives way. */
const MAX_DEVICES = 5;

/** What a login by code is made on. */
export interface LoginDevice {
  /** The one whose token the login shows. */
  readonly shown: ShownDevice | null;
  /** For the device that is added unless that one lives. */
  readonly fresh: DeviceSecret;
}

/** What a login does with the devices of its user, as parts of its transaction. `user` selects the id of whoever logs in. */
@Injectable()
export class DeviceQueries {
  private readonly devices: Sql;
  private readonly sessions: Sql;

  constructor(@InjectDataSource(TANDEM) dataSource: DataSource) {
    this.devices = nameIn(dataSource, 'user_devices');
    this.sessions = nameIn(dataSource, 'sessions');
  }

  /**
   * The id of a session's device, in a statement that calls its user `u`: that of the session itself for a device that is
   * added with it.
   */
  idFor({ row }: NewSession, { shown }: LoginDevice): Sql {
    if (!shown) return sql`${row.id}`;
    return sql`COALESCE((SELECT d.id FROM ${this.devices} d
      WHERE ${isShown(shown, row.created_at)} AND d.user_id = u.id), ${row.id})`;
  }

  /** Notes the use of the device that was shown. Its secret stays: of two logins at once neither loses its token. */
  keep(shown: ShownDevice, { row }: NewSession, user: Sql): Sql {
    return sql`UPDATE ${this.devices} AS d SET secret_hash = ${shown.hash}, device = ${row.device},
      network = ${row.network}, last_used_at = ${row.created_at}
      WHERE ${isShown(shown, row.created_at)} AND d.user_id = (${user})`;
  }

  /** Adds a device for a session that was opened with a device of its own. */
  add({ row }: NewSession, { hash }: DeviceSecret, user: Sql): Sql {
    return sql`INSERT INTO ${this.devices}
      (id, user_id, secret_hash, device, network, created_at, last_used_at)
      SELECT s.id, s.user_id, ${hash}, s.device, s.network, s.created_at, s.created_at
      FROM ${this.sessions} s
      WHERE s.id = ${row.id} AND s.device_id = s.id AND s.user_id = (${user})`;
  }

  /** `FROM … WHERE …` of the device, called `d`, that was added for a session. */
  isAdded({ row }: NewSession, user: Sql): Sql {
    return sql`FROM ${this.devices} d WHERE d.id = ${row.id} AND d.user_id = (${user})`;
  }

  /** The same if the user has others that live. */
  isAddedToOthers(session: NewSession, user: Sql): Sql {
    return sql`${this.isAdded(session, user)} AND EXISTS (SELECT 1 FROM ${this.devices} o
      WHERE o.user_id = d.user_id AND o.id <> d.id
      AND o.last_used_at > ${usedAfter(session.row.created_at)})`;
  }

  /** `FROM … WHERE …` of the device, called `only_row`, that {@link trim} is about to drop. */
  isTrimmed(user: Sql): Sql {
    return sql`FROM (SELECT id, user_id FROM ${this.devices} WHERE user_id = (${user})
      ORDER BY last_used_at DESC, id DESC LIMIT 1 OFFSET ${MAX_DEVICES}) AS only_row`;
  }

  /** Of a user who is registered by this login. */
  addFirst({ row }: NewSession, { hash }: DeviceSecret, userId: string): Sql {
    const { id, device, network, created_at: at } = row;
    return insertion(this.devices, {
      id,
      user_id: userId,
      secret_hash: hash,
      device,
      network,
      created_at: at,
      last_used_at: at,
    });
  }

  /** Drops what there is beyond {@link MAX_DEVICES}. */
  trim(user: Sql): Sql {
    return sql`DELETE FROM ${this.devices} WHERE user_id = (${user}) AND (last_used_at, id) < (
      SELECT last_used_at, id FROM (SELECT last_used_at, id FROM ${this.devices}
        WHERE user_id = (${user}) ORDER BY last_used_at DESC, id DESC LIMIT 1 OFFSET ${MAX_DEVICES - 1}) AS only_row)`;
  }
}
