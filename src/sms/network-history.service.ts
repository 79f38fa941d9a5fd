import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import { growingCache } from '../common/growing-cache';
import { lookUp, nameIn, rowsOf } from '../storage/queries';
import { raw, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';

const DAY_MS = 86_400_000;
/** The time over which numbers that were verified count. */
const WINDOW_DAYS = 14;
/** More of them change nothing. */
const MAX_COUNTED = 1000;
/** From so many on a network is one of many people. */
const MANY_NUMBERS = 50;
/** A network has brought users while somebody used a code that was asked for there within so many days. */
const USERS_DAYS = 30;
const CACHED_MS = 5 * 60_000;
const MAX_CACHED = 10_000;

/** Where somebody asks from. */
export interface Origin {
  /** As `coarseNetwork` names it. */
  readonly network: string;
  /** All that its operator holds, as far as is known: the broadest of `Networks`. */
  readonly host: string;
}

/** What the codes tell that were sent to callers of a network. */
@Injectable()
export class NetworkHistoryService {
  private readonly deliveries: Sql;
  private readonly counts = growingCache<string, number>(MAX_CACHED, CACHED_MS);

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
  ) {
    this.deliveries = nameIn(dataSource, 'sms_deliveries');
  }

  /** How many numbers were verified from it in 14 days, by their masked form; a thousand at most. */
  verifiedNumbers(network: string): Promise<number> {
    return this.count('network', network);
  }

  /**
   * Which of the two many people log in from: there nobody who leaves codes unused shuts out all others. A host as a whole
   * is one, too, with those of its networks that anybody logged in from: carriers spread people over many.
   */
  async areOfMany({ network, host }: Origin): Promise<Record<keyof Origin, boolean>> {
    const [ofNetwork, ofHost] = await Promise.all([
      this.count('network', network),
      this.count('host', host),
    ]);
    const isHost = Math.max(ofNetwork, ofHost) >= MANY_NUMBERS;
    return { network: isHost && ofNetwork > 0, host: isHost };
  }

  /** The networks of a caller, without those of many people: they refuse nobody when one who shares them has filled them. */
  async refusing(networks: readonly string[], origin: Origin): Promise<(string | null)[]> {
    const isOfMany = await this.areOfMany(origin);
    const border = networks.indexOf(origin.network);
    return networks.map((network, level) => {
      const isPassedOver = level > 0 && isOfMany[level <= border ? 'network' : 'host'];
      return isPassedOver ? null : network;
    });
  }

  /** Whether anybody used a code in 30 days that was asked for there. */
  async hasBroughtUsers(network: string): Promise<boolean> {
    const since = this.clock.now() - USERS_DAYS * DAY_MS;
    const rows = await lookUp(
      this.dataSource,
      rowsOf(sql`SELECT 1 FROM ${this.deliveries}
        WHERE network = ${network} AND verified_at > ${since} LIMIT 1`),
    );
    return rows.length > 0;
  }

  private async count(column: keyof Origin, name: string): Promise<number> {
    const known = this.counts.get(`${column} ${name}`);
    if (known !== undefined) return known;
    const since = this.clock.now() - WINDOW_DAYS * DAY_MS;
    const { length: numbers } = await lookUp(
      this.dataSource,
      rowsOf(sql`SELECT DISTINCT mobile FROM ${this.deliveries}
        WHERE ${raw(column)} = ${name} AND verified_at > ${since} LIMIT ${MAX_COUNTED}`),
    );
    this.counts.set(`${column} ${name}`, numbers);
    return numbers;
  }
}
