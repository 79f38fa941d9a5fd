import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityMetadata } from 'typeorm';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import { PERSONAL_DATA, type PersonalTable } from '../../common/personal-data';
import { LimiterService } from '../../codes/limiter.service';
import type { Principal } from '../../contract/current-user.decorator';
import { DatabaseService } from '../../storage/database.service';
import { nameIn, rowsOf, select } from '../../storage/queries';
import { join, NOTHING, raw, type Sql, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import { User } from '../../users/user.entity';
import type { UserExportDto } from '../dto/deletion.dto';
import { RecentLoginService } from '../recent-login.service';
import { conditionsOn, type DataSubject, DataSubjectsService } from './data-subjects.service';

type Row = Record<string, unknown>;

/** Tables of one row a user. */
const SINGLE = new Set(['users', 'user_profiles']);
/** Columns that hold JSON. */
const JSON_COLUMNS = new Set(['detail', 'personal']);

/** Tells users everything that is stored about them, as `PERSONAL_DATA` lists it. */
@Injectable()
export class UserExportService {
  constructor(
    private readonly clock: Clock,
    private readonly database: DatabaseService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly limiter: LimiterService,
    private readonly recentLogins: RecentLoginService,
    private readonly subjects: DataSubjectsService,
  ) {}

  /** @throws ApiException `RECENT_CODE_REQUIRED`, `TOO_MANY_REQUESTS` or `UNAUTHORIZED`. */
  async export(principal: Principal): Promise<UserExportDto> {
    await this.recentLogins.assertRecentCode(principal);
    const refund = await this.limiter.take({ 'exports-per-user': principal.userId });
    try {
      const told = await this.read(principal.userId);
      // Somebody else may have got the account while it was read.
      await this.recentLogins.assertLive(principal);
      return told;
    } catch (error) {
      await refund();
      throw error;
    }
  }

  private async read(userId: string): Promise<UserExportDto> {
    const { manager } = this.dataSource;
    const user = await manager.findOneBy(User, { id: userId });
    if (!user) await this.database.assertPrimary();
    if (!user) throw new ApiException('UNAUTHORIZED');
    const subject = await this.subjects.of(manager, user);
    const parts: Row = { exported_at: this.clock.date() };
    for (const [name, table] of Object.entries(PERSONAL_DATA)) {
      if (table.told === null) continue;
      const rows = await this.rowsOf(name, table, subject, startOf(user));
      parts[table.told] = SINGLE.has(name) ? rows[0] : rows;
    }
    return parts as unknown as UserExportDto;
  }

  private async rowsOf(
    name: string,
    table: PersonalTable,
    subject: DataSubject,
    start: number,
  ): Promise<Row[]> {
    const text = nameIn(this.dataSource, name);
    const metadata = this.dataSource.entityMetadatas.find((one) => one.tableName === text.text)!;
    const which = conditionsOn(table, subject).map((condition) => sql`(${condition})`);
    const since = table.madeAt ? sql` AND ${raw(table.madeAt)} >= ${start}` : NOTHING;
    const rows = await Promise.all(
      which.map((condition) =>
        select(
          this.dataSource,
          rowsOf<Row>(
            sql`SELECT ${toldColumns(table)} FROM ${text} WHERE ${condition}${since} ORDER BY id`,
          ),
        ),
      ),
    );
    return distinct(rows.flat().map((row) => toldRow(row, metadata)));
  }
}

/** The code of the first login was asked for before there was a user. */
const startOf = ({ holderSince, createdAt }: User) =>
  holderSince ? +holderSince : +createdAt - 10 * 60_000;

function toldColumns({ columns, own }: PersonalTable): Sql {
  const told = Object.keys(columns).filter((column) => columns[column]!.told !== false);
  return join(
    told.map((column) =>
      raw(
        columns[column]!.told === 'own'
          ? `CASE WHEN ${own} THEN ${column} END AS ${column}`
          : column,
      ),
    ),
  );
}

/** As entities have it: ids are strings, times are dates. */
function toldRow(row: Row, metadata: EntityMetadata): Row {
  const told = Object.entries(row).map(([column, value]) => {
    if (JSON_COLUMNS.has(column)) return [column, JSON.parse((value as string | null) ?? 'null')];
    const { transformer } = metadata.findColumnWithDatabaseName(column)!;
    const from = [transformer ?? []].flat()[0];
    return [column, from ? from.from(value) : value];
  });
  return Object.fromEntries(told);
}

/** Rows may be found twice, by a number and by what it did. */
function distinct(rows: Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.id ?? row, row])).values()];
}
