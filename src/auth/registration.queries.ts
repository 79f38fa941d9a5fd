import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { byUser, type Change } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import type { E164 } from '../common/phone-number';
import type { NewSession } from '../sessions/sessions.service';
import { atomically, nameIn } from '../storage/queries';
import { insertion, type Sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { UsersService } from '../users/users.service';
import { DeviceQueries, type LoginDevice } from './device.queries';

/** The first session of a user, on its first device. */
export interface Opening {
  readonly session: NewSession;
  readonly device: LoginDevice;
  readonly requestId?: string;
}

/** What a first login makes, in one call. */
@Injectable()
export class RegistrationQueries {
  private readonly sessions: Sql;

  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly devices: DeviceQueries,
    private readonly users: UsersService,
  ) {
    this.sessions = nameIn(dataSource, 'sessions');
  }

  /**
   * Inserts a user, their profile, their first session and its device.
   *
   * @returns the id of the user.
   * @throws QueryFailedError on `uq_users_mobile` when a parallel login registered the number.
   */
  async register(mobile: E164, opening: Opening): Promise<string> {
    const { id, statements } = this.registrationOf(mobile, opening);
    await atomically(this.dataSource, statements);
    return id;
  }

  /** What {@link register} does, as parts of a transaction. */
  registrationOf(mobile: E164, opening: Opening) {
    const { id, user, profile } = this.users.registration(mobile);
    const statements = { user, profile, ...this.firstSession(id, opening, 'user.created') };
    return { id, statements };
  }

  /** Opens the session of a user who has none, nor a device, and tells of it, and before it of another change of that moment. */
  firstSession(userId: string, { session, device, requestId }: Opening, before?: 'user.created') {
    const { row } = session;
    const told = {
      actor: byUser(userId),
      userId,
      sessionId: row.id,
      origin: { network: row.network, requestId },
    };
    const started: Change = { action: 'session.started', ...told, detail: { method: 'code' } };
    const added: Change = { action: 'device.added', ...told, detail: { device_id: row.id } };
    return {
      session: insertion(this.sessions, { user_id: userId, device_id: row.id, ...row }),
      device: this.devices.addFirst(session, device.fresh, userId),
      ...(before
        ? this.changes.tell({ action: before, ...told }, started, added)
        : this.changes.tell(started, added)),
    };
  }
}
