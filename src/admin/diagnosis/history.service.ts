import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { AuditEvent } from '../../audit/audit-event.entity';
import { NumberRefsService } from '../../audit/number-refs.service';
import { coarseNetwork } from '../../common/networks';
import { type ErrorCode, ERRORS } from '../../common/errors';
import type { E164 } from '../../common/phone-number';
import {
  type RefusedRequest,
  RefusedRequestsService,
} from '../../contract/refused-requests.service';
import type { Subject } from '../../contract/request-subject';
import { SmsDelivery } from '../../sms/sms-delivery.entity';
import { TANDEM } from '../../storage/tandem';
import type { Refused } from './support-case';

const SHOWN = 20;

/** What was refused to somebody, by the memory of this node and the audit of all, and what was sent to them. */
@Injectable()
export class HistoryService {
  constructor(
    @InjectRepository(AuditEvent, TANDEM) private readonly audit: Repository<AuditEvent>,
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

  /** The newest first. */
  messagesTo(mobile: E164): Promise<SmsDelivery[]> {
    const numberRef = In(this.numbers.refsOf(mobile));
    return this.deliveries.find({
      where: { numberRef },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: SHOWN,
    });
  }

  private async recordOf({ mobile, userId }: Subject): Promise<Refused[]> {
    const newest = { order: { id: 'DESC' }, take: SHOWN } as const;
    const numberRef = mobile && In(this.numbers.refsOf(mobile));
    const [ofNumber, ofUser] = await Promise.all([
      numberRef ? this.audit.find({ where: { numberRef }, ...newest }) : [],
      userId ? this.audit.find({ where: { userId }, ...newest }) : [],
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
