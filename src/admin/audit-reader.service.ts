import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { And, type FindOptionsWhere, In, LessThan, MoreThanOrEqual, Repository } from 'typeorm';
import { AuditEvent } from '../audit/audit-event.entity';
import { NumberRefsService } from '../audit/number-refs.service';
import { Clock } from '../common/clock';
import { MAX_ID } from '../common/snowflake';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { SessionsService } from '../sessions/sessions.service';
import { SmsDelivery } from '../sms/sms-delivery.entity';
import { TANDEM } from '../storage/tandem';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { detailFor } from './audit-sight';
import {
  AuditEventDto,
  type AuditPageDto,
  type AuditQueryDto,
  type MomentDto,
  type TimelineDto,
} from './dto/audit.dto';
import { DeliveryDto } from './dto/sms.dto';
import { idRangeOf } from './id-range';
import { usesOf } from './session-uses';

const PAGE = 50;
/** Of who reads at the command line. */
const EVERYTHING = ['admin'];

/** What the audit tells, the newest first. Ids grow with time, in every table: one is a place in all of them. */
@Injectable()
export class AuditReaderService {
  constructor(
    private readonly clock: Clock,
    private readonly env: Env,
    @InjectRepository(AuditEvent, TANDEM) private readonly events: Repository<AuditEvent>,
    @InjectRepository(SmsDelivery, TANDEM) private readonly deliveries: Repository<SmsDelivery>,
    private readonly refs: NumberRefsService,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
  ) {}

  /** @param roles of who reads. @throws ApiException `NOT_FOUND` for a reference that is not ours. */
  async page(
    { user, action, number_ref: ref, ...place }: AuditQueryDto,
    roles: readonly string[],
  ): Promise<AuditPageDto> {
    const mobile = ref === undefined ? undefined : this.refs.read(ref);
    if (mobile === null) throw new ApiException('NOT_FOUND');
    const { from, below } = idRangeOf(place);
    const found = await this.events.find({
      where: {
        ...(user && { userId: user }),
        ...(action && { action }),
        ...(mobile && { numberRef: In(this.refs.refsOf(mobile)) }),
        id: And(MoreThanOrEqual(from), LessThan(below)),
      },
      order: { id: 'DESC' },
      take: PAGE + 1,
    });
    const events = found.slice(0, PAGE).map((event) => this.shown(event, roles));
    return { events, has_more: found.length > PAGE };
  }

  /** What happened to a user, with the messages to their number. @throws ApiException `NOT_FOUND`. */
  async timelineOf(id: string, roles: readonly string[], after?: string): Promise<TimelineDto> {
    const user = await this.users.findById(id);
    if (!user) throw new ApiException('NOT_FOUND');
    const moments = await this.ofUser(user, roles, after);
    return { moments: moments.slice(0, PAGE), has_more: moments.length > PAGE };
  }

  /** The newest of what happened to a number and its user, if it has one. */
  async momentsOf(mobile: E164): Promise<MomentDto[]> {
    const user = await this.users.findByMobile(mobile);
    const ofNumber = { numberRef: In(this.refs.refsOf(mobile)) };
    const [before, since] = await Promise.all([
      this.read(ofNumber, mobile, EVERYTHING),
      user ? this.ofUser(user, EVERYTHING) : [],
    ]);
    const moments = new Map([...before, ...since].map((moment) => [moment.id, moment]));
    return [...moments.values()].toSorted(newestFirst).slice(0, PAGE);
  }

  private async ofUser({ id, mobile }: User, roles: readonly string[], after = MAX_ID) {
    const [moments, ended, live] = await Promise.all([
      this.read({ userId: id }, mobile, roles, after),
      this.sessions.listEnded(id),
      this.sessions.listLive(id),
    ]);
    const uses = [...live, ...ended]
      .flatMap(usesOf)
      .filter((one) => BigInt(one.id) < BigInt(after));
    return [...moments, ...uses].toSorted(newestFirst);
  }

  private async read(
    whose: FindOptionsWhere<AuditEvent>,
    mobile: E164 | null,
    roles: readonly string[],
    after?: string,
  ): Promise<MomentDto[]> {
    const numberRef = In(mobile ? this.refs.refsOf(mobile) : []);
    const [events, deliveries] = await Promise.all([
      this.events.find({
        where: { ...whose, ...before(after) },
        order: { id: 'DESC' },
        take: PAGE + 1,
      }),
      this.deliveries.find({
        where: { numberRef, ...before(after) },
        order: { id: 'DESC' },
        take: PAGE + 1,
      }),
    ]);
    const moments = events.map((event) => {
      return { id: event.id, at: event.at, event: this.shown(event, roles) };
    });
    return [...moments, ...deliveries.map(deliveryMoment)].toSorted(newestFirst);
  }

  private shown(event: AuditEvent, roles: readonly string[]): AuditEventDto {
    const liveSince = this.clock.now() - this.env.CODE_TTL * 1000;
    return AuditEventDto.of(event, detailFor(roles, event, liveSince));
  }
}

const newestFirst = (one: MomentDto, other: MomentDto) => Number(BigInt(other.id) - BigInt(one.id));

const before = (after = MAX_ID) => ({ id: LessThan(after) });

const deliveryMoment = (delivery: SmsDelivery): MomentDto => ({
  id: delivery.id,
  at: delivery.createdAt,
  delivery: DeliveryDto.of(delivery),
});
