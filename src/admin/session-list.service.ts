import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, In, Repository } from 'typeorm';
import { Clock } from '../common/clock';
import type { Network } from '../common/network';
import { MAX_ID, Snowflake } from '../common/snowflake';
import { isFrom } from '../sessions/bulk-ends.service';
import { Session, SPENT } from '../sessions/session.entity';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { UsersService } from '../users/users.service';
import { lesserId } from './id-range';
import type { SessionListDto } from './dto/sessions.dto';
import { UserViewService } from './user-view.service';

const PAGE = 50;
/** Sessions that a page looks at: those of one network may be far apart. */
const LOOKED_AT = { usual: 500, ofNetwork: 10_000 };

export interface SessionFilter {
  readonly network?: Network;
  readonly openedBefore?: Date;
  readonly isLive: boolean;
}

interface Row {
  readonly id: Integer;
  readonly network: string;
  readonly ended_at: Integer | null;
  readonly end_reason: string | null;
  readonly expires_at: Integer;
}

/** The sessions of everybody, the newest first. */
@Injectable()
export class SessionListService {
  private readonly table: Sql;

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    @InjectRepository(Session, TANDEM) private readonly sessions: Repository<Session>,
    private readonly users: UsersService,
    private readonly views: UserViewService,
  ) {
    this.table = nameIn(dataSource, 'sessions');
  }

  async page(filter: SessionFilter, after?: string): Promise<SessionListDto> {
    const most = filter.network ? LOOKED_AT.ofNetwork : LOOKED_AT.usual;
    const rows = await this.behind(placeOf(filter, after), most);
    const ids = rows.filter((row) => this.fits(row, filter)).map(({ id }) => String(id));
    const page = ids.slice(0, PAGE);
    const last = rows.length < most ? null : String(rows.at(-1)!.id);
    const next = ids.length > PAGE ? page.at(-1)! : last;
    return { sessions: await this.read(page), has_more: next !== null, next };
  }

  private behind(place: string, most: number): Promise<Row[]> {
    return select(
      this.dataSource,
      rowsOf<Row>(sql`SELECT id, network, ended_at, end_reason, expires_at FROM ${this.table}
        WHERE id < ${place} ORDER BY id DESC LIMIT ${most}`),
    );
  }

  private fits(row: Row, { network, isLive }: SessionFilter): boolean {
    if (row.end_reason === SPENT) return false;
    const lives = row.ended_at === null && Number(row.expires_at) > this.clock.now();
    if (isLive && !lives) return false;
    return !network || isFrom(row.network, network);
  }

  private async read(ids: string[]) {
    if (ids.length === 0) return [];
    const found = await this.sessions.find({ where: { id: In(ids) }, order: { id: 'DESC' } });
    const users = await this.users.findAll(found.map(({ userId }) => userId));
    const rolesOf = new Map(users.map(({ id, roles }) => [id, roles]));
    return found.map((session) => ({
      ...this.views.sessionOf(session),
      user_id: session.userId,
      user_roles: rolesOf.get(session.userId) ?? [],
    }));
  }
}

/** Ids begin with the time. */
function placeOf({ openedBefore }: SessionFilter, after = MAX_ID): string {
  if (!openedBefore) return after;
  const first = Snowflake.firstOf(openedBefore.getTime());
  return lesserId(first, after);
}
