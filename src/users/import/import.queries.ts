import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Change } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { Clock } from '../../common/clock';
import { Snowflake } from '../../common/snowflake';
import { atomically, nameIn, rowsOf, select } from '../../storage/queries';
import { insertions, join, raw, type Sql, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import type { ImportedUser } from './imported-user';

/** A user who is there already, as far as an import must know. */
export interface KnownUser {
  readonly mobile: string | null;
  readonly externalId: string | null;
  readonly username: string | null;
  /** Also of what is nobody, but keeps a number: see `RESERVED`. */
  readonly status: string;
}

/** What an import does with users, a batch at a time. */
@Injectable()
export class ImportQueries {
  private readonly users: Sql;

  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ids: Snowflake,
  ) {
    this.users = nameIn(dataSource, 'users');
  }

  /** Everybody who has the number, the external id or the username of one of these. */
  async findKnown(users: readonly ImportedUser[]): Promise<KnownUser[]> {
    const found = await Promise.all([
      this.findBy(
        'mobile',
        users.map(({ mobile }) => mobile),
      ),
      this.findBy(
        'external_id',
        users.map(({ externalId }) => externalId),
      ),
      this.findBy(
        'username',
        users.map(({ username }) => username),
      ),
    ]);
    return found.flat();
  }

  /**
   * Inserts users with their profiles, and tells of it: all or nothing.
   *
   * @param tellsOfEach also writes the event of each new user.
   * @throws QueryFailedError for a duplicate key when one has come meanwhile.
   */
  async insert(users: readonly ImportedUser[], told: Change, tellsOfEach: boolean): Promise<void> {
    const [ids, now] = [users.map(() => this.ids.next()), this.clock.now()];
    const { actor } = told;
    const created = ids.map((userId): Change => ({ action: 'user.created', actor, userId }));
    await atomically(this.dataSource, {
      users: insertions(
        this.users,
        users.map((user, index) => user.rowOf(ids[index]!, now)),
      ),
      profiles: insertions(
        nameIn(this.dataSource, 'user_profiles'),
        users.map((user, index) => user.profileOf(ids[index]!)),
      ),
      ...this.changes.tell(told, ...(tellsOfEach ? created : [])),
    });
  }

  private async findBy(column: string, values: readonly (string | null)[]): Promise<KnownUser[]> {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return [];
    const rows = await select(
      this.dataSource,
      rowsOf<KnownRow>(sql`SELECT mobile, external_id, username, status
        FROM ${this.users} WHERE ${raw(column)} IN (${join(known)})`),
    );
    return rows.map(({ external_id: externalId, ...row }) => ({ externalId, ...row }));
  }
}

interface KnownRow extends Omit<KnownUser, 'externalId'> {
  readonly external_id: string | null;
}
