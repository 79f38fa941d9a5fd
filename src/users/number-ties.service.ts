import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { lookUp, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, raw, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';

const HOUR_MS = 3_600_000;
/** After 90 days without a login by code a number may have changed hands. */
const VERIFICATION_LASTS_MS = 90 * 24 * HOUR_MS;
/** Verifications so far apart are on two days: at midnight nobody becomes known in a minute. */
const APART_MS = 20 * HOUR_MS;
/** While fewer users are there for `KNOWN_AFTER`, hardly a number could be known: an hour is enough. */
const MANY_USERS = 1000;
const AT_FIRST_MS = HOUR_MS;
/** How long that is taken to be so. */
const YOUTH_LASTS_MS = 10 * 60_000;

/** What a number is to who asks for its code. */
export interface NumberTie {
  /** Whether it is a user's for some time. */
  readonly isKnown: boolean;
  /** Whether it was verified from the network that is asking. */
  readonly isHome: boolean;
}

/** Which numbers are known, and where. Known is what costs more than a number and a minute. */
@Injectable()
export class NumberTiesService {
  private readonly users: Sql;
  private readonly sessions: Sql;
  private isYoung = true;
  private askAgainAt = 0;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
  ) {
    this.users = nameIn(dataSource, 'users');
    this.sessions = nameIn(dataSource, 'sessions');
  }

  /**
   * What ties a number to a caller. Known is that of an active user, proved by codes within 90 days: on two days, or once
   * `KNOWN_AFTER` ago and the caller shows its device.
   *
   * @param network as `coarseNetwork` names it.
   */
  async tieOf(mobile: E164, network: string, showsDevice: boolean): Promise<NumberTie> {
    const since = this.clock.now() - VERIFICATION_LASTS_MS;
    const onceBefore = await this.onceBefore(showsDevice);
    const [row] = await lookUp(
      this.dataSource,
      rowsOf<{ home: Integer }>(sql`SELECT EXISTS (
          SELECT 1 FROM ${this.sessions} s WHERE s.user_id = u.id AND s.network = ${network}
          AND s.challenge_id IS NOT NULL AND s.created_at > ${since}) AS home
        FROM ${this.users} u WHERE u.mobile = ${mobile} AND u.status = 'active'
        AND u.verified_at > ${since} AND (u.released_at IS NULL OR u.released_at < u.verified_at)
        AND (u.verified_at - ${FIRST} >= ${APART_MS} OR ${FIRST} <= ${onceBefore})`),
    );
    return { isKnown: row !== undefined, isHome: Number(row?.home ?? 0) === 1 };
  }

  /** By when a number must have been proved for once to be enough; 0 when it is not. */
  private async onceBefore(showsDevice: boolean): Promise<number> {
    const [now, after] = [this.clock.now(), this.env.KNOWN_AFTER * 1000];
    if (await this.hasFewUsers(now, after)) return now - Math.min(after, AT_FIRST_MS);
    return showsDevice ? now - after : 0;
  }

  private async hasFewUsers(now: number, after: number): Promise<boolean> {
    if (now < this.askAgainAt) return this.isYoung;
    const [row] = await select(
      this.dataSource,
      rowsOf<{ created_at: Integer }>(sql`SELECT created_at FROM ${this.users}
        WHERE id > 0 ORDER BY id LIMIT 1 OFFSET ${MANY_USERS - 1}`),
    );
    this.isYoung = !row || Number(row.created_at) > now - after;
    this.askAgainAt = this.isYoung ? now + YOUTH_LASTS_MS : Infinity;
    return this.isYoung;
  }
}

/** Of users from before that was noted it is not known. */
const FIRST = raw('COALESCE(u.first_verified_at, u.created_at)');

/** Notes, in an update of users that calls the table `u`, that a code proves the number. */
export function verificationAt(now: number): Sql {
  // MySQL assigns from left to right.
  return sql`first_verified_at =
      CASE WHEN u.verified_at > ${now - VERIFICATION_LASTS_MS} THEN ${FIRST} ELSE ${now} END,
    verified_at = ${now}`;
}
