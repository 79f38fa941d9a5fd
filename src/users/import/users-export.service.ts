import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Actor } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { BATCH } from '../../storage/batches';
import { nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, raw, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import { PROFILE_FIELDS } from './imported-user';

const TEXTS = ['mobile', 'name', 'username', 'external_id', 'status', 'terms_version'] as const;
const TIMES = [
  'verified_at',
  'last_login',
  'terms_accepted_at',
  'deletion_at',
  'created_at',
  'updated_at',
] as const;

/** As `tandem users import` takes them back. */
export type ExportedUser = Readonly<Record<string, unknown>>;

/** What an export has to tell of beside the users. */
export interface ExportCounts {
  /** Of users who have lost their number to somebody else: there is nothing to import them by. */
  withoutNumber: number;
}

/** Hands users out, the oldest first, in constant memory. Who comes meanwhile may be left out. */
@Injectable()
export class UsersExportService {
  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
  ) {}

  /**
   * Told of before the first of them leaves.
   *
   * @param counts is kept up to date.
   */
  async *export(
    actor: Actor,
    withPasswords: boolean,
    counts: ExportCounts,
  ): AsyncIterable<ExportedUser[]> {
    const detail = { with_passwords: withPasswords };
    await this.changes.record({ action: 'users.exported', actor, detail });
    for (let after = '0'; ;) {
      const page = await this.pageAfter(after, withPasswords);
      const users = page.filter(({ mobile }) => mobile !== null);
      counts.withoutNumber += page.length - users.length;
      if (users.length > 0) yield users.map(exported);
      if (page.length < BATCH) return;
      after = String(page.at(-1)!.id);
    }
  }

  private pageAfter(id: string, withPasswords: boolean): Promise<ExportedRow[]> {
    const [users, profiles] = ['users', 'user_profiles'].map((name) =>
      nameIn(this.dataSource, name),
    );
    const columns = [...TEXTS, ...TIMES, ...(withPasswords ? ['password_hash'] : [])];
    const ofProfile = PROFILE_FIELDS.map((column) => `p.${column}`);
    const listed = raw(
      ['u.id', ...columns.map((column) => `u.${column}`), ...ofProfile].join(', '),
    );
    return select(
      this.dataSource,
      rowsOf<ExportedRow>(sql`SELECT ${listed} FROM ${users!} u
        JOIN ${profiles!} p ON p.id = u.id WHERE u.id > ${id} ORDER BY u.id LIMIT ${BATCH}`),
    );
  }
}

type ExportedRow = Record<string, string | null> &
  Record<(typeof TIMES)[number] | 'id', Integer | null>;

function exported(row: ExportedRow): ExportedUser {
  const texts = TEXTS.map((name) => [name, row[name]]);
  const times = TIMES.map((name) => [name, isoOf(row[name])]);
  const profile = Object.fromEntries(PROFILE_FIELDS.map((name) => [name, row[name]]));
  const secret = 'password_hash' in row && { password_hash: row.password_hash };
  return { id: String(row.id), ...Object.fromEntries([...texts, ...times]), ...secret, profile };
}

const isoOf = (time: Integer | null) =>
  time === null ? null : new Date(Number(time)).toISOString();
