import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import type { ErrorCode } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { Snowflake } from '../common/snowflake';
import { atomically, forUpdate, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, join, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { ANONYMOUS } from './change';
import { ChangesService } from './changes.service';

/** An event a user and minute, with how many logins failed. */
const INTERVAL_MS = 60_000;
/** Numbers and users whose failures are remembered: beyond them none is. */
const MAX_SUBJECTS = 10_000;
/** Of them, how many one flush looks at. */
const MAX_DUE = 200;

/** What a right code or password would have changed. */
const FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INVALID_CODE',
  'INVALID_CREDENTIALS',
  'USER_DISABLED',
  'LOGIN_REFUSED',
  'TOO_MANY_REQUESTS',
]);

interface Attempted {
  readonly mobile?: E164;
  readonly userId?: string;
  readonly method?: string;
}

interface Failed extends Attempted {
  count: number;
  /** In epoch milliseconds: then it may be told, or if there is nothing to tell, forgotten. */
  dueAt: number;
}

/** Tells users' owners, as `login.failed`, of logins that failed: the first one at once, those that follow together. */
@Injectable()
export class FailedLoginsService {
  private readonly failed = new Map<string, Failed>();
  private readonly audit: Sql;
  private readonly users: Sql;

  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
  ) {
    this.audit = nameIn(dataSource, 'audit_events');
    this.users = nameIn(dataSource, 'users');
  }

  note(attempted: Attempted, errorCode: ErrorCode): void {
    const subject = attempted.userId ?? attempted.mobile;
    if (subject === undefined || !FAILURES.has(errorCode)) return;
    const known = this.failed.get(subject);
    if (known) known.count += 1;
    else if (this.failed.size < MAX_SUBJECTS) {
      const { mobile, userId, method } = attempted;
      this.failed.set(subject, { mobile, userId, method, count: 1, dueAt: 0 });
    }
  }

  /** Those that another node has told of within the minute wait for the next one, with their count. */
  async flush(): Promise<void> {
    const now = this.clock.now();
    const due = [...this.failed].filter(([, { dueAt }]) => dueAt <= now).slice(0, MAX_DUE);
    for (const [subject, { count }] of due) if (count === 0) this.failed.delete(subject);
    const toTell = due.filter(([, { count }]) => count > 0);
    if (toTell.length === 0) return;
    const userIds = await this.userIdsOf(toTell.map(([, { mobile }]) => mobile));
    for (const [subject, failed] of toTell) {
      const userId = failed.userId ?? userIds.get(failed.mobile!);
      if (userId === undefined) this.failed.delete(subject);
      else await this.tell(userId, failed, now);
    }
  }

  private async tell(userId: string, failed: Failed, now: number): Promise<void> {
    const { count, method } = failed;
    failed.dueAt = now + INTERVAL_MS;
    const { audit } = await atomically(
      this.dataSource,
      this.changes.tell({
        action: 'login.failed',
        actor: ANONYMOUS,
        userId,
        detail: { count, method },
        when: this.unlessTold(userId, now),
      }),
    );
    if (audit === 1) failed.count -= count;
  }

  private unlessTold(userId: string, now: number): Sql {
    const since = Snowflake.firstOf(now - INTERVAL_MS);
    return sql`FROM ${this.users} u WHERE u.id = ${userId} AND NOT EXISTS (SELECT 1 FROM ${this.audit} a
      WHERE a.user_id = u.id AND a.id >= ${since} AND a.action = 'login.failed')
      ${forUpdate(this.dataSource)}`;
  }

  private async userIdsOf(mobiles: (E164 | undefined)[]): Promise<Map<string, string>> {
    const given = mobiles.filter((mobile) => mobile !== undefined);
    if (given.length === 0) return new Map();
    const rows = await select(
      this.dataSource,
      rowsOf<{ id: Integer; mobile: string }>(
        sql`SELECT id, mobile FROM ${this.users} WHERE mobile IN (${join(given)}) AND status <> 'reserved'`,
      ),
    );
    return new Map(rows.map(({ id, mobile }) => [mobile, String(id)]));
  }
}
