import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, type EntityManager, MoreThan, Repository } from 'typeorm';
import type { By, Change } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { atomically, forUpdate, lookUp, nameIn, rowsOf, together } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { execute } from '../storage/runner';
import { type Integer, join, NOTHING, type Sql, sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { DeviceTokensService, type ShownDevice } from './device-tokens.service';
import { UserDevice } from './device.entity';
import { FormerDeviceTokensService } from './former-device-tokens.service';
import { isShown, usedAfter } from './live-devices';

/**
 * The devices on which users have logged in by code. A device token opens nothing: it only has the requests of its device
 * counted apart from those of strangers, who could otherwise use up the limits of the number and shut the owner out.
 */
@Injectable()
export class DevicesService {
  private readonly table: Sql;
  private readonly sessions: Sql;
  private readonly users: Sql;

  constructor(
    @InjectRepository(UserDevice, TANDEM) private readonly devices: Repository<UserDevice>,
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly formerTokens: FormerDeviceTokensService,
    private readonly tokens: DeviceTokensService,
  ) {
    this.table = nameIn(dataSource, 'user_devices');
    this.sessions = nameIn(dataSource, 'sessions');
    this.users = nameIn(dataSource, 'users');
  }

  /**
   * The device of the number's user that a token belongs to: one for each, one for all tokens of release 0.1.0 together.
   * SQL is asked about tokens that we issued, and about no others.
   *
   * @returns null for a stranger, as everyone is whose device was ended or not used for 90 days, or whose number is
   *   somebody else's now.
   */
  async deviceOf(mobile: E164, token?: string): Promise<string | null> {
    const shown = this.tokens.read(token);
    if (shown) return (await this.isLive(mobile, shown)) ? shown.id : null;
    const issuedBefore = this.formerTokens.issuedBefore(mobile, token);
    return issuedBefore === null ? null : this.formerDeviceOf(mobile, issuedBefore);
  }

  /** Whose device was shown; null for nobody who may log in with it. */
  async ownerOf(shown: ShownDevice): Promise<string | null> {
    const [user] = await lookUp(
      this.dataSource,
      rowsOf<{
        id: Integer;
      }>(sql`SELECT u.id FROM ${this.table} d JOIN ${this.users} u ON u.id = d.user_id
        WHERE u.status = 'active' AND ${isShown(shown, this.clock.now())}`),
    );
    return user ? String(user.id) : null;
  }

  /** The one that was used last first. */
  list(userId: string): Promise<UserDevice[]> {
    const lastUsedAt = MoreThan(new Date(usedAfter(this.clock.now())));
    return this.devices.find({
      where: { userId, lastUsedAt },
      order: { lastUsedAt: 'DESC', id: 'DESC' },
    });
  }

  /** @throws ApiException `NOT_FOUND` unless the user has such a device. */
  async endOwn(userId: string, id: string, by: By): Promise<void> {
    const own = sql`FROM ${this.table} WHERE id = ${id} AND user_id = ${userId}`;
    const end = () =>
      atomically(this.dataSource, {
        ...this.changes.tell({
          ...endOf(userId, id, by),
          when: sql`${own} ${forUpdate(this.dataSource)}`,
        }),
        ended: sql`DELETE ${own}`,
      });
    const { ended } = await retrying(end, isCollision);
    if (ended === 0) throw new ApiException('NOT_FOUND');
  }

  /** Ends the devices of a user, or all but that of one session, in a transaction. */
  async endAll(
    manager: EntityManager,
    userId: string,
    by: By,
    keptSessionId?: string,
  ): Promise<void> {
    const others = keptSessionId
      ? sql` AND id <> COALESCE((SELECT s.device_id FROM ${this.sessions} s
          WHERE s.id = ${keptSessionId} AND s.user_id = ${userId}), 0)`
      : NOTHING;
    const found = await execute(
      manager.queryRunner!,
      sql`SELECT id FROM ${this.table} WHERE user_id = ${userId}${others} ${forUpdate(this.dataSource)}`,
    );
    const ids = (found as { id: Integer }[]).map(({ id }) => String(id));
    const [first, ...rest] = ids.map((id) => endOf(userId, id, by));
    if (!first) return;
    const { audit, outbox } = this.changes.tell(first, ...rest);
    const end = sql`DELETE FROM ${this.table} WHERE user_id = ${userId} AND id IN (${join(ids)})`;
    await together(manager, end, audit, outbox);
  }

  private async isLive(mobile: E164, shown: ShownDevice): Promise<boolean> {
    const rows = await lookUp(
      this.dataSource,
      rowsOf(sql`SELECT d.id FROM ${this.users} u JOIN ${this.table} d ON d.user_id = u.id
        WHERE u.mobile = ${mobile} AND u.status = 'active'
        AND ${isShown(shown, this.clock.now())}`),
    );
    return rows.length > 0;
  }

  /** Tokens from before the user was there are those of whoever had the number then. */
  private async formerDeviceOf(mobile: E164, issuedBefore: number): Promise<string | null> {
    const [user] = await lookUp(
      this.dataSource,
      rowsOf<{ id: Integer }>(sql`SELECT id FROM ${this.users}
        WHERE mobile = ${mobile} AND status = 'active' AND created_at < ${issuedBefore}`),
    );
    return user ? `former devices of ${user.id}` : null;
  }
}

function endOf(userId: string, id: string, { actor, origin, reason }: By): Change {
  return { action: 'device.ended', actor, origin, userId, reason, detail: { device_id: id } };
}
