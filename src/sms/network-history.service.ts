import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';

const DAY_MS = 86_400_000;
/** The time over which numbers that were verified count. */
const WINDOW_DAYS = 14;
/** More of them change nothing. */
const MAX_COUNTED = 1000;
/** A network has brought users while somebody used a code that was asked for there within so many days. */
const USERS_DAYS = 30;
const CACHED_MS = 5 * 60_000;
const MAX_CACHED = 10_000;

/** What the codes tell that were sent to callers of a network. */
@Injectable()
export class NetworkHistoryService {
  private readonly deliveries: Sql;
  private readonly counts = new LRUCache<string, number>({ max: MAX_CACHED, ttl: CACHED_MS });

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
  ) {
    this.deliveries = nameIn(dataSource, 'sms_deliveries');
  }

  /** How many numbers were verified from it in 14 days, by their masked form; a thousand at most. */
  async verifiedNumbers(network: string): Promise<number> {
    const known = this.counts.get(network);
    if (known !== undefined) return known;
    const since = this.clock.now() - WINDOW_DAYS * DAY_MS;
    const [row] = await select(
      this.dataSource,
      rowsOf<{ numbers: Integer }>(sql`SELECT COUNT(*) AS numbers FROM (
        SELECT DISTINCT mobile FROM ${this.deliveries}
        WHERE network = ${network} AND verified_at > ${since} LIMIT ${MAX_COUNTED}) counted`),
    );
    const numbers = Number(row!.numbers);
    this.counts.set(network, numbers);
    return numbers;
  }

  /** Whether anybody used a code in 30 days that was asked for there. */
  async hasBroughtUsers(network: string): Promise<boolean> {
    const since = this.clock.now() - USERS_DAYS * DAY_MS;
    const rows = await select(
      this.dataSource,
      rowsOf(sql`SELECT 1 FROM ${this.deliveries}
        WHERE network = ${network} AND verified_at > ${since} LIMIT 1`),
    );
    return rows.length > 0;
  }
}
