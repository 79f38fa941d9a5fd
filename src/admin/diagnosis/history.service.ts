import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, MoreThanOrEqual, Not, Repository } from 'typeorm';
import { AuditEvent } from '../../audit/audit-event.entity';
import { NumberRefsService } from '../../audit/number-refs.service';
import { Clock } from '../../common/clock';
import { coarseNetwork } from '../../common/networks';
import { type ErrorCode, ERRORS } from '../../common/errors';
import type { E164 } from '../../common/phone-number';
import { Snowflake } from '../../common/snowflake';
import {
  type RefusedRequest,
  RefusedRequestsService,
} from '../../contract/refused-requests.service';
import type { Subject } from '../../contract/request-subject';
import { SmsDelivery } from '../../sms/sms-delivery.entity';
import { TANDEM } from '../../storage/tandem';
import type { Refused } from './support-case';

const SHOWN = 20;
/** How far back refusals are looked for. */
const MONTH_MS = 30 * 86_400_000;
const REFUSALS = [
  'code.refused',
  'login.refused',
  'refresh.refused',
  'credential.refused',
] as const;

/** What was refused to somebody, by the memory of this node and the audit of all, and what was sent to them. */
@Injectable()
export class HistoryService {
  constructor(
    @InjectRepository(AuditEvent, TANDEM) private readonly audit: Repository<AuditEvent>,
    private readonly clock: Clock,
    @InjectRepository(SmsDelivery, TANDEM) private readonly deliveries: Repository<SmsDelivery>,
    private readonly numbers: NumberRefsService,
    private readonly requests: RefusedRequestsService,
  ) {}

  /** @returns null for a request that neither knows. */
  async request(
    requestId: string,
  ): Promise<{ about: Subject; refused?: Refused; address?: string } | null> {
    const known = this.requests.find(requestId);
    if (known) return { about: known.subject, refused: fromMemory(known), address: known.address };
    const [event] = await this.audit.find({ where: { requestId }, order: { id: 'DESC' }, take: 1 });
    if (!event) return null;
    const mobile = event.numberRef === null ? null : this.numbers.read(event.numberRef);
    const about = { mobile: mobile ?? undefined, userId: event.userId ?? undefined };
    return { about, refused: fromAudit(event) };
  }

  /** The newest first, each request once. */
  async refusedTo(subject: Subject): Promise<Refused[]> {
    const inMemory = this.requests.about(subject).map(fromMemory);
    const known = new Set(inMemory.map(({ requestId }) => requestId));
    const onRecord = (await this.recordOf(subject)).filter(
      ({ requestId }) => !known.has(requestId),
    );
    return [...inMemory, ...onRecord].toSorted((one, other) => +other.at - +one.at);
  }

  /** @returns null when it is not on record any more. */
  async disabledAt(userId: string): Promise<Date | null> {
    const [event] = await this.audit.find({
      where: { userId, action: 'user.disabled' },
      order: { id: 'DESC' },
      take: 1,
    });
    return event?.at ?? null;
  }

  /** Those with codes, the newest first: what became of a notice says nothing of them. */
  messagesTo(mobile: E164): Promise<SmsDelivery[]> {
    const numberRef = In(this.numbers.refsOf(mobile));
    return this.deliveries.find({
      where: { numberRef, audience: Not('notice') },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: SHOWN,
    });
  }

  private async recordOf({ mobile, userId }: Subject): Promise<Refused[]> {
    // Whatever else has happened since, which may be much.
    const action = In([...REFUSALS]);
    const id = MoreThanOrEqual(Snowflake.firstOf(this.clock.now() - MONTH_MS));
    const newest = { order: { id: 'DESC' }, take: SHOWN } as const;
    const numberRef = mobile && In(this.numbers.refsOf(mobile));
    const [ofNumber, ofUser] = await Promise.all([
      numberRef ? this.audit.find({ where: { numberRef, action, id }, ...newest }) : [],
      userId ? this.audit.find({ where: { userId, action, id }, ...newest }) : [],
    ]);
    return [...ofNumber, ...ofUser].flatMap((event) => fromAudit(event) ?? []);
  }
}

function fromMemory(one: RefusedRequest): Refused {
  const { at, errorCode, reason, limit, requestId, address } = one;
  const network = coarseNetwork(address);
  return { at, errorCode, reason: reason ?? null, limit: limit ?? null, requestId, network };
}

function fromAudit({
  action,
  at,
  reason,
  detail,
  requestId,
  personal,
}: AuditEvent): Refused | undefined {
  if (!action.endsWith('.refused') || !isErrorCode(reason)) return undefined;
  const { why, limit } = JSON.parse(detail ?? '{}') as { why?: string; limit?: string };
  const { network } = JSON.parse(personal ?? '{}') as { network?: string };
  return {
    at,
    errorCode: reason,
    reason: why ?? null,
    limit: limit ?? null,
    requestId,
    network: network ?? null,
  };
}

const isErrorCode = (text: string | null): text is ErrorCode =>
  text !== null && Object.hasOwn(ERRORS, text);
