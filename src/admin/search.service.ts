import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { And, In, LessThan, MoreThan, MoreThanOrEqual, Raw, Repository } from 'typeorm';
import { AuditEvent } from '../audit/audit-event.entity';
import { NumberRefsService } from '../audit/number-refs.service';
import { ApiException } from '../common/errors';
import { type E164, parseMobile } from '../common/phone-number';
import { isId } from '../common/snowflake';
import { Env } from '../config/env';
import { SmsDelivery } from '../sms/sms-delivery.entity';
import { TANDEM } from '../storage/tandem';
import { USER_STATUSES } from '../users/reserved-number';
import { User } from '../users/user.entity';
import type { SearchedDto } from './dto/search.dto';
import type { FoundUserDto } from './dto/user.dto';
import { UserViewService } from './user-view.service';

const PAGE = 20;
const MOST_OPERATORS = 200;
const USERNAME = /^[a-z0-9._-]{1,32}$/;
/** Behind everything that a username may go on with. */
const LAST = '\u007f';

/** Finds users by what a support case begins with: by indexes only, so that a million of them cost no more than ten. */
@Injectable()
export class SearchService {
  constructor(
    @InjectRepository(AuditEvent, TANDEM) private readonly audit: Repository<AuditEvent>,
    @InjectRepository(SmsDelivery, TANDEM) private readonly deliveries: Repository<SmsDelivery>,
    private readonly env: Env,
    private readonly refs: NumberRefsService,
    @InjectRepository(User, TANDEM) private readonly users: Repository<User>,
    private readonly views: UserViewService,
  ) {}

  async find(query: string, after?: string): Promise<SearchedDto> {
    const text = query.trim();
    const [mobile, status] = [this.numberOf(text), In([...USER_STATUSES])];
    const [byId, byName, others] = await Promise.all([
      isId(text) ? this.users.findBy({ id: text, status }) : [],
      this.byUsername(text.toLowerCase(), after),
      this.byTraces(text),
    ]);
    const mobiles = [...new Set([...(mobile ? [mobile] : []), ...others.mobiles])];
    const byTrace = [
      ...(mobiles.length > 0 ? await this.users.findBy({ mobile: In(mobiles), status }) : []),
      ...(others.userIds.length > 0 ? await this.users.findBy({ id: In(others.userIds) }) : []),
    ];
    const page = byName.slice(0, PAGE);
    const found = new Map([...byId, ...byTrace, ...page].map((user) => [user.id, user]));
    const known = new Set([...found.values()].map((user) => user.mobile));
    const more = byName.length > PAGE;
    return {
      users: [...found.values()].map((user) => this.views.summaryOf(user)),
      number_refs: mobiles.filter((one) => !known.has(one)).map((one) => this.refs.refOf(one)),
      has_more: more,
      next: more ? page.at(-1)!.username : null,
    };
  }

  /** By the index of roles, which begins with those who may most. */
  async withRoles(): Promise<FoundUserDto[]> {
    const users = await this.users.find({
      where: { roles: Raw((column) => `${column} > ''`), status: In([...USER_STATUSES]) },
      order: { roles: 'ASC', id: 'ASC' },
      take: MOST_OPERATORS,
    });
    return users.map((user) => this.views.summaryOf(user));
  }

  /** Also one of a country that is not served any more. */
  private numberOf(text: string): E164 | undefined {
    try {
      return parseMobile(text, [...this.env.SMS_COUNTRIES, '*']);
    } catch (error) {
      if (error instanceof ApiException) return undefined;
      throw error;
    }
  }

  private byUsername(start: string, after = ''): Promise<User[]> {
    if (!USERNAME.test(start)) return Promise.resolve([]);
    const from = after > start ? MoreThan(after) : MoreThanOrEqual(start);
    return this.users.find({
      where: { username: And(from, LessThan(start + LAST)) },
      order: { username: 'ASC' },
      take: PAGE + 1,
    });
  }

  /** What left the id of a request, or that of a message at its provider. */
  private async byTraces(text: string): Promise<{ mobiles: E164[]; userIds: string[] }> {
    const [events, deliveries] = await Promise.all([
      this.audit.find({ where: { requestId: text }, take: PAGE }),
      this.deliveries.find({ where: { providerMessageId: text }, take: PAGE }),
    ]);
    const refs = [...events, ...deliveries].map(({ numberRef }) => numberRef);
    const mobiles = refs.map((ref) => ref && this.refs.read(ref)).filter((one) => one !== null);
    const userIds = events.map(({ userId }) => userId).filter((id) => id !== null);
    return { mobiles: mobiles as E164[], userIds };
  }
}
