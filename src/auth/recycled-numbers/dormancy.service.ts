import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../../common/clock';
import type { E164 } from '../../common/phone-number';
import { Snowflake } from '../../common/snowflake';
import { Env } from '../../config/env';
import type { ShownDevice } from '../../sessions/device-tokens.service';
import { nameIn } from '../../storage/queries';
import { join, NOTHING, type Sql, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import type { User } from '../../users/user.entity';

/**
 * Which numbers may have changed hands: those that no code has proved for `DORMANT_AFTER`, or whose carrier said that they were given
 * up. Passwords and sessions prove nothing: a former owner has them. A user whom no code has proved yet was imported, by the
 * word of an operator, which lasts as long.
 */
@Injectable()
export class DormancyService {
  private readonly devices: Sql;
  private readonly testNumbers: ReadonlySet<string>;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) dataSource: DataSource,
    private readonly env: Env,
  ) {
    this.devices = nameIn(dataSource, 'user_devices');
    this.testNumbers = new Set(env.TEST_NUMBERS.map(({ mobile }) => mobile));
  }

  /**
   * Matches the user of a number, in a statement that calls them `u`, unless it may have changed hands and none of their
   * devices is shown, however long ago it was used. Undefined where nobody is asked.
   */
  sameHolderSql(mobile: E164, shown: ShownDevice | null): Sql | undefined {
    if (this.isNeverAsked(mobile)) return undefined;
    const since = this.since();
    const onDevice = shown
      ? sql` OR EXISTS (SELECT 1 FROM ${this.devices} d
          WHERE d.id = ${shown.id} AND d.secret_hash IN (${join(shown.hashes)}) AND d.user_id = u.id)`
      : NOTHING;
    return sql`((u.released_at IS NULL OR u.released_at < u.verified_at) AND (u.verified_at > ${since}
      OR (u.verified_at IS NULL AND u.id >= ${Snowflake.firstOf(since)}))${onDevice})`;
  }

  /** The same of a user who was read, without a device. */
  isDormant({ id, mobile, verifiedAt, releasedAt }: User): boolean {
    if (mobile === null || this.isNeverAsked(mobile)) return false;
    if (releasedAt && !(verifiedAt && releasedAt < verifiedAt)) return true;
    const since = this.since();
    return verifiedAt ? +verifiedAt <= since : BigInt(id) < BigInt(Snowflake.firstOf(since));
  }

  private since(): number {
    return this.clock.now() - this.env.DORMANT_AFTER * 1000;
  }

  /** The code of a test number is no secret. */
  private isNeverAsked(mobile: E164): boolean {
    return this.env.RECYCLED_NUMBERS === 'off' || this.testNumbers.has(mobile);
  }
}
