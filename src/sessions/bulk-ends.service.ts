import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { isWithin, type Network, parseNetwork } from '../common/network';
import { BATCH } from '../storage/batches';
import { nameIn, rowsOf, select } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { type Integer, join, NOTHING, type Sql, sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { type Ending, SessionEndsQueries } from './session-ends.queries';

/** Which of the sessions that have not ended: those that match each part. */
export interface SessionSelection {
  readonly openedBefore?: Date;
  /** Where the login came from. */
  readonly network?: Network;
}

/** Ends the sessions of many users in one go: a batch at a time, so that no statement holds its locks for long. */
@Injectable()
export class BulkEndsService {
  private readonly table: Sql;

  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ends: SessionEndsQueries,
  ) {
    this.table = nameIn(dataSource, 'sessions');
  }

  async count(selection: SessionSelection): Promise<number> {
    let count = 0;
    for await (const ids of this.batchesOf(selection)) count += ids.length;
    return count;
  }

  /** @returns how many this call ended; every node learns of them by itself. */
  async end(selection: SessionSelection, ending: Ending): Promise<number> {
    let ended = 0;
    for await (const ids of this.batchesOf(selection)) ended += await this.endBatch(ids, ending);
    return ended;
  }

  /** Ids, in their order, each batch read after the one before was changed. */
  private async *batchesOf({ openedBefore, network }: SessionSelection): AsyncGenerator<string[]> {
    const opened = openedBefore ? sql` AND created_at < ${openedBefore.getTime()}` : NOTHING;
    for (let last = '0'; ;) {
      const rows = await select(
        this.dataSource,
        rowsOf<{ id: Integer; network: string }>(sql`SELECT id, network FROM ${this.table}
          WHERE ended_at IS NULL AND id > ${last}${opened} ORDER BY id LIMIT ${BATCH}`),
      );
      const chosen = network ? rows.filter((row) => isFrom(row.network, network)) : rows;
      if (chosen.length > 0) yield chosen.map(({ id }) => String(id));
      if (rows.length < BATCH) return;
      last = String(rows.at(-1)!.id);
    }
  }

  private async endBatch(ids: string[], ending: Ending): Promise<number> {
    const these = sql`s.id IN (${join(ids)})`;
    const end = (manager: EntityManager) => this.ends.endSome(manager, these, ending);
    const ended = await retrying(() => this.dataSource.transaction(end), isCollision);
    return ended.length;
  }
}

/** @param stored the network of a session; one that is unknown is in no other. */
function isFrom(stored: string, network: Network): boolean {
  const [address] = parseNetwork(stored) ?? [];
  return address !== undefined && isWithin(address, network);
}
