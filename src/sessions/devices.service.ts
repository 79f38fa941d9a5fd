import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, type EntityManager, MoreThan, Repository } from 'typeorm';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { nameIn, rowsOf, select } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { execute } from '../storage/runner';
import { type Integer, NOTHING, type Sql, sql } from '../storage/sql';
import { isDeadlock } from '../storage/sql-errors';
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

  /** The one that was used last first. */
  list(userId: string): Promise<UserDevice[]> {
    const lastUsedAt = MoreThan(new Date(usedAfter(this.clock.now())));
    return this.devices.find({
      where: { userId, lastUsedAt },
      order: { lastUsedAt: 'DESC', id: 'DESC' },
    });
  }

  /** @throws ApiException `NOT_FOUND` unless the user has such a device. */
  async endOwn(userId: string, id: string): Promise<void> {
    const { affected } = await retrying(() => this.devices.delete({ id, userId }), isDeadlock);
    if (!affected) throw new ApiException('NOT_FOUND');
  }

  /** Ends the devices of a user, or all but that of one session, in a transaction. */
  async endAll(
    { queryRunner }: EntityManager,
    userId: string,
    keptSessionId?: string,
  ): Promise<void> {
    const others = keptSessionId
      ? sql` AND id <> COALESCE((SELECT s.device_id FROM ${this.sessions} s
          WHERE s.id = ${keptSessionId} AND s.user_id = ${userId}), 0)`
      : NOTHING;
    await execute(queryRunner!, sql`DELETE FROM ${this.table} WHERE user_id = ${userId}${others}`);
  }

  private async isLive(mobile: E164, shown: ShownDevice): Promise<boolean> {
    const rows = await select(
      this.dataSource,
      rowsOf(sql`SELECT d.id FROM ${this.users} u JOIN ${this.table} d ON d.user_id = u.id
        WHERE u.mobile = ${mobile} AND u.status = 'active'
        AND ${isShown(shown, this.clock.now())}`),
    );
    return rows.length > 0;
  }

  /** Tokens from before the user was there are those of whoever had the number then. */
  private async formerDeviceOf(mobile: E164, issuedBefore: number): Promise<string | null> {
    const [user] = await select(
      this.dataSource,
      rowsOf<{ id: Integer }>(sql`SELECT id FROM ${this.users}
        WHERE mobile = ${mobile} AND status = 'active' AND created_at < ${issuedBefore}`),
    );
    return user ? `former devices of ${user.id}` : null;
  }
}
