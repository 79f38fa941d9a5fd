import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { SYSTEM } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { Env } from '../config/env';
import { LeasedJobsService } from '../events/leased-jobs.service';
import {
  atomically,
  forUpdate,
  ifChanged,
  insertionUnlessThere,
  nameIn,
  rowsOf,
  select,
} from '../storage/queries';
import { retrying } from '../storage/retrying';
import { type Sql, sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { type MonitorPause, MonitorPausesService } from './monitor-pauses.service';

const INTERVAL_MS = 15_000;

/**
 * Tells when the monitor of unused codes pauses a prefix, and when that is over. Every node judges for itself, from what all
 * have counted; one of them compares that with what was told before, so that each change is told once.
 */
@Injectable()
export class PauseEventsService {
  private readonly table: Sql;

  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    env: Env,
    jobs: LeasedJobsService,
    private readonly pauses: MonitorPausesService,
  ) {
    this.table = nameIn(dataSource, 'sms_pauses');
    if (env.SMS_CONVERSION_GUARD !== 'enforce') return;
    jobs.every('events of SMS pauses', INTERVAL_MS, () => this.tellChanges());
  }

  async tellChanges(): Promise<void> {
    const [paused, told] = [await this.pauses.list(), await this.toldBefore()];
    const prefixes = new Set(paused.map(({ prefix }) => prefix));
    for (const pause of paused) if (!told.has(pause.prefix)) await this.tellPaused(pause);
    for (const prefix of told) if (!prefixes.has(prefix)) await this.tellResumed(prefix);
  }

  private async toldBefore(): Promise<Set<string>> {
    const all = rowsOf<{ prefix: string }>(sql`SELECT prefix FROM ${this.table}`);
    return new Set((await select(this.dataSource, all)).map(({ prefix }) => prefix));
  }

  /** The row that it inserts decides: a node that has lost the lease meanwhile tells nothing. */
  private async tellPaused({ prefix, sent, used }: MonitorPause): Promise<void> {
    const since = this.clock.now();
    const tell = () =>
      atomically(this.dataSource, {
        noted: insertionUnlessThere(this.dataSource, this.table, { prefix, since }),
        ...this.changes.tell({
          action: 'sms.paused',
          actor: SYSTEM,
          detail: { prefix: `${prefix}*`, sent, used },
          when: sql`FROM ${this.table} WHERE prefix = ${prefix} AND ${ifChanged(this.dataSource)}`,
        }),
      });
    await retrying(tell, isCollision);
  }

  private async tellResumed(prefix: string): Promise<void> {
    const it = sql`FROM ${this.table} WHERE prefix = ${prefix}`;
    const tell = () =>
      atomically(this.dataSource, {
        ...this.changes.tell({
          action: 'sms.resumed',
          actor: SYSTEM,
          detail: { prefix: `${prefix}*` },
          when: sql`${it} ${forUpdate(this.dataSource)}`,
        }),
        ended: sql`DELETE ${it}`,
      });
    await retrying(tell, isCollision);
  }
}
