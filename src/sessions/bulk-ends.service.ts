import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { isWithin, type Network, parseNetwork } from '../common/network';
import { BATCH } from '../storage/batches';
import { byIndex, nameIn, rowsOf, select } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { type Integer, join, type Sql, sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { type Ending, SessionEndsQueries } from './session-ends.queries';

/** Which of the sessions that have not ended: those that match each part. */
export interface SessionSelection {
  readonly openedBefore?: Date;
  /** Where the login came from. */
  readonly network?: Network;
  /** One that stays. */
  readonly exceptId?: string;
}

/** What a step has found or ended, and how far it came. */
export interface Step {
  readonly sessions: number;
  /** Where the next one begins; null when this was the last. */
  readonly next: string | null;
}

interface Row {
  readonly id: Integer;
  readonly network: string;
  readonly created_at: Integer;
  readonly expires_at: Integer;
}

type Work = (ids: string[]) => Promise<number> | number;

/** Sessions that a step looks at. */
const LOOKED_AT = 4 * BATCH;
const FIRST = '0-0';

/**
 * Ends the sessions of many users in one go: in steps, of which each looks at some of those that live, by the index of
 * their ends, and in batches, so that no statement holds its locks for long.
 */
@Injectable()
export class BulkEndsService {
  private readonly table: Sql;

  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ends: SessionEndsQueries,
  ) {
    this.table = nameIn(dataSource, 'sessions');
  }

  count(selection: SessionSelection): Promise<number> {
    return inSteps((after) => this.countStep(selection, after));
  }

  /** @returns how many this call ended; every node learns of them by itself. */
  end(selection: SessionSelection, ending: Ending): Promise<number> {
    return inSteps((after) => this.endStep(selection, ending, after));
  }

  countStep(selection: SessionSelection, after?: string): Promise<Step> {
    return this.step(selection, (ids) => ids.length, after);
  }

  endStep(selection: SessionSelection, ending: Ending, after?: string): Promise<Step> {
    return this.step(selection, (ids) => this.endThese(ids, ending), after);
  }

  private async step(selection: SessionSelection, work: Work, after = FIRST): Promise<Step> {
    const [expiresAt, id] = after.split('-') as [string, string];
    const rows = await select(
      this.dataSource,
      rowsOf<Row>(sql`SELECT id, network, created_at, expires_at
        FROM ${this.table} ${byIndex(this.dataSource, 'ix_sessions_expires_at')}
        WHERE ended_at IS NULL AND expires_at >= ${expiresAt} AND (expires_at > ${expiresAt} OR id > ${id})
        ORDER BY expires_at, id LIMIT ${LOOKED_AT}`),
    );
    const chosen = rows.filter((row) => isChosen(row, selection));
    const sessions = await work(chosen.map((row) => String(row.id)));
    const last = rows.length < LOOKED_AT ? undefined : rows.at(-1);
    return { sessions, next: last ? `${last.expires_at}-${last.id}` : null };
  }

  private async endThese(ids: string[], ending: Ending): Promise<number> {
    let ended = 0;
    for (let from = 0; from < ids.length; from += BATCH) {
      const these = sql`s.id IN (${join(ids.slice(from, from + BATCH))})`;
      const end = (manager: EntityManager) => this.ends.endSome(manager, these, ending);
      const batch = await retrying(() => this.dataSource.transaction(end), isCollision);
      ended += batch.length;
    }
    return ended;
  }
}

async function inSteps(step: (after?: string) => Promise<Step>): Promise<number> {
  let all = 0;
  for (let after: string | undefined; ;) {
    const { sessions, next } = await step(after);
    all += sessions;
    if (next === null) return all;
    after = next;
  }
}

function isChosen(row: Row, { openedBefore, network, exceptId }: SessionSelection): boolean {
  if (openedBefore && Number(row.created_at) >= openedBefore.getTime()) return false;
  if (network && !isFrom(row.network, network)) return false;
  return String(row.id) !== exceptId;
}

/** @param stored the network of a session; one that is unknown is in no other. */
export function isFrom(stored: string, network: Network): boolean {
  const [address] = parseNetwork(stored) ?? [];
  return address !== undefined && isWithin(address, network);
}
