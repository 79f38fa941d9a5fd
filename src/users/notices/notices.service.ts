import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { By } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { NumberRefsService } from '../../audit/number-refs.service';
import { Clock } from '../../common/clock';
import type { E164 } from '../../common/phone-number';
import { Snowflake } from '../../common/snowflake';
import { Env } from '../../config/env';
import { atomically, forUpdate, nameIn, rowsOf, select, together } from '../../storage/queries';
import { retrying } from '../../storage/retrying';
import { type Integer, insertion, join, raw, type Sql, sql } from '../../storage/sql';
import { isCollision } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import type { NoticeKind } from '../../common/notice-kinds';

/** What a user is to know of. */
export interface Notice {
  readonly kind: NoticeKind;
  /** An id, or the column that holds it in a statement with {@link when}. */
  readonly userId: string | Sql;
  /** In which it was done; left out where no session of the user did it. */
  readonly sessionId?: string;
  /** Whom a message goes to; left out, the number that is the user's when it is sent. */
  readonly to?: E164;
  /** `FROM … WHERE …` of one row at most: without it, it did not happen. */
  readonly when?: Sql;
}

/** As its user sees it, with what is on record of the session that did it. */
export interface ShownNotice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly at: Date;
  readonly sessionId: string | null;
  readonly device: string | null;
  readonly network: string | null;
}

/** The newest; a client that never acknowledges does not make all answers longer. */
const MAX_SHOWN = 20;

/** Notes what users must know of, in the transaction that does it; a job sends the messages once that is committed. */
@Injectable()
export class NoticesService {
  private readonly table: Sql;
  private readonly sessions: Sql;

  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly ids: Snowflake,
    private readonly numbers: NumberRefsService,
  ) {
    this.table = nameIn(dataSource, 'security_notices');
    this.sessions = nameIn(dataSource, 'sessions');
  }

  /** A statement for the transaction of the change. */
  tell({ kind, userId, sessionId, to, when }: Notice): Sql {
    const row = {
      id: this.ids.next(),
      kind,
      at: this.clock.now(),
      session_id: sessionId ?? null,
      number_ref: to ? this.numbers.refOf(to) : null,
      message_due_at: this.env.SECURITY_SMS ? this.clock.now() : null,
    };
    if (!when) return insertion(this.table, { ...row, user_id: userId as string });
    const columns = raw(Object.keys(row).join(', '));
    return sql`INSERT INTO ${this.table} (${columns}, user_id)
      SELECT ${join(Object.values(row))}, ${userId} ${when}`;
  }

  /** Writes it in the transaction of a manager. */
  write(manager: EntityManager, notice: Notice): Promise<void> {
    return together(manager, this.tell(notice));
  }

  /** What the user has not acknowledged, the newest first. */
  async list(userId: string): Promise<ShownNotice[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<Row>(sql`SELECT n.id, n.kind, n.at, n.session_id, s.device, s.network
        FROM ${this.table} n LEFT JOIN ${this.sessions} s ON s.id = n.session_id AND s.user_id = n.user_id
        WHERE n.user_id = ${userId} AND n.acknowledged_at IS NULL
        ORDER BY n.id DESC LIMIT ${MAX_SHOWN}`),
    );
    return rows.map(shown);
  }

  /** @returns whether the user had such a notice, and had not acknowledged it. */
  async acknowledge(userId: string, id: string, by: By): Promise<boolean> {
    const open = sql`id = ${id} AND user_id = ${userId} AND acknowledged_at IS NULL`;
    const acknowledge = () =>
      atomically(this.dataSource, {
        ...this.changes.tell({
          action: 'notice.acknowledged',
          ...by,
          userId,
          detail: { notice_id: id },
          when: sql`FROM ${this.table} WHERE ${open} ${forUpdate(this.dataSource)}`,
        }),
        done: sql`UPDATE ${this.table} SET acknowledged_at = ${this.clock.now()} WHERE ${open}`,
      });
    return (await retrying(acknowledge, isCollision)).done === 1;
  }
}

interface Row {
  readonly id: Integer;
  readonly kind: NoticeKind;
  readonly at: Integer;
  readonly session_id: Integer | null;
  readonly device: string | null;
  readonly network: string | null;
}

const shown = ({ id, kind, at, session_id: sessionId, device, network }: Row): ShownNotice => ({
  id: String(id),
  kind,
  at: new Date(Number(at)),
  sessionId: sessionId === null ? null : String(sessionId),
  device,
  network,
});
