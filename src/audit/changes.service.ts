import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../common/clock';
import { countryOf } from '../common/phone-number';
import { Snowflake } from '../common/snowflake';
import { isEventType } from '../events/event-types';
import { atomically, nameIn, together } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { join, NOTHING, raw, type Sql, sql, type Value } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import type { Change } from './change';
import { NumberRefsService } from './number-refs.service';

const SALT_BYTES = 16;
const REQUEST_ID_LENGTH = 64;

/** What tells of changes, in one transaction with them. */
export type Telling = {
  /** Undefined where none of the changes is an event. Before the audit, which a change may depend on. */
  readonly outbox: Sql | undefined;
  readonly audit: Sql;
};

type Row = Readonly<Record<string, Sql | Value>>;

/** A row, and what it is told by, if that may not have happened. */
type Told = readonly [row: Row, when?: Sql];

/** Writes into the audit and the outbox what has changed: two statements, however many changes a transaction makes. */
@Injectable()
export class ChangesService {
  private readonly audit: Sql;
  private readonly outbox: Sql;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ids: Snowflake,
    private readonly numbers: NumberRefsService,
  ) {
    this.audit = nameIn(dataSource, 'audit_events');
    this.outbox = nameIn(dataSource, 'outbox');
  }

  /** To be spread into what `atomically` runs, behind the statements that make the changes. */
  tell(...changes: [Change, ...Change[]]): Telling {
    const at = this.clock.now();
    const [audit, outbox]: [Told[], Told[]] = [[], []];
    let personal: PersonalPart | undefined;
    for (const change of changes) {
      const id = this.ids.next();
      personal = personal && isOfSame(personal.of, change) ? personal : this.personalPart(change);
      audit.push([auditRow(change, id, at, personal.row), change.when]);
      if (isEventType(change.action)) outbox.push([eventRow(change, id, at), change.when]);
    }
    return {
      outbox: outbox.length > 0 ? insertionOf(this.outbox, outbox) : undefined,
      audit: insertionOf(this.audit, audit),
    };
  }

  /** Writes them in the transaction of a manager. */
  async write(manager: EntityManager, ...changes: [Change, ...Change[]]): Promise<void> {
    const { outbox, audit } = this.tell(...changes);
    await together(manager, outbox, audit);
  }

  /** Writes what has no transaction of its own: what changes no table, or was changed elsewhere. */
  async record(...changes: [Change, ...Change[]]): Promise<void> {
    await retrying(() => atomically(this.dataSource, this.tell(...changes)), isCollision);
  }

  private personalPart(change: Change): PersonalPart {
    const { origin, mobile, personal: others } = change;
    if (!origin && !mobile && !others) return { of: change, row: NOTHING_PERSONAL };
    const network = origin?.network;
    const number = mobile && { country: countryOf(mobile), last_two: mobile.slice(-2) };
    const personal = JSON.stringify({ network, ...number, ...others });
    const ref = mobile ? this.numbers.refOf(mobile) : null;
    const salt = randomBytes(SALT_BYTES).toString('base64url');
    const digest = digestOf(salt, personal, ref);
    return { of: change, row: { personal, number_ref: ref, salt, digest } };
  }
}

/** What erasing takes away. */
interface PersonalPart {
  readonly of: Change;
  readonly row: Row;
}

/** What is told in one call about one session and request is erased together, and may share its salt. */
const isOfSame = (one: Change, other: Change) =>
  one.sessionId !== undefined &&
  one.sessionId === other.sessionId &&
  one.origin === other.origin &&
  !(other.mobile ?? other.personal ?? one.mobile ?? one.personal);

function auditRow(change: Change, id: string, at: number, personal: Row): Row {
  const { action, actor, userId, sessionId, reason, detail, origin } = change;
  return {
    id,
    at,
    action,
    actor_kind: actor.kind,
    actor_id: actor.id ?? null,
    user_id: userId ?? null,
    session_id: sessionId ?? null,
    reason: reason ?? null,
    detail: jsonOf(actor.detail ? { ...detail, by: actor.detail } : detail),
    // A host may name its requests as it likes.
    request_id: origin?.requestId?.slice(0, REQUEST_ID_LENGTH) ?? null,
    ...personal,
  };
}

const NOTHING_PERSONAL: Row = { personal: null, number_ref: null, salt: null, digest: null };

/** Under a key that nothing else has: whoever has the digest cannot try out what may be behind it. */
export function digestOf(salt: string, personal: string, numberRef: string | null): string {
  return createHmac('sha256', salt)
    .update(`${personal}\n${numberRef ?? ''}`)
    .digest('base64url');
}

function eventRow(change: Change, id: string, at: number) {
  const { action, userId, sessionId, reason, detail } = change;
  const isTold = reason !== undefined && !isInTheirWords(change);
  return {
    id,
    at,
    type: action,
    user_id: userId ?? null,
    session_id: sessionId ?? null,
    data: jsonOf(isTold ? { ...detail, reason } : detail),
  };
}

/** Whether the reason is what an operator has written, for the audit alone: events leave the house. */
const isInTheirWords = ({ action, actor }: Change) =>
  action !== 'session.ended' && (actor.kind === 'operator' || actor.kind === 'cli');

/** Not bound, as most columns have none. */
const NULL = raw('NULL');

const jsonOf = (detail?: object) => (detail ? JSON.stringify(detail) : null);

/** @param rows one at least, all with the same columns. */
function insertionOf(table: Sql, rows: readonly Told[]): Sql {
  const columns = raw(Object.keys(rows[0]![0]).join(', '));
  const isCertain = rows.every(([, when]) => when === undefined);
  const values = rows.map(([row, when]) => {
    const listed = join(Object.values(row).map((value) => value ?? NULL));
    return isCertain ? sql`(${listed})` : sql`SELECT ${listed} ${when ?? NOTHING}`;
  });
  return isCertain
    ? sql`INSERT INTO ${table} (${columns}) VALUES ${join(values)}`
    : sql`INSERT INTO ${table} (${columns}) ${join(values, ' UNION ALL ')}`;
}
