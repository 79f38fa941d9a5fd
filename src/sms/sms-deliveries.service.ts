import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { In, IsNull, LessThan, Repository } from 'typeorm';
import { RedactingLogger } from '../common/redacting-logger';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { type E164, maskMobile } from '../common/phone-number';
import { Snowflake } from '../common/snowflake';
import type { ProviderName } from '../config/sms-env';
import { orWarn } from '../observability/or-warn';
import { BATCH, inBatches } from '../storage/batches';
import { retrying } from '../storage/retrying';
import { duplicateKey } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { ConversionMonitorService } from './conversion-monitor.service';
import { SmsBudgetService } from './sms-budget.service';
import { type Audience, type DeliveryOutcome, SmsDelivery } from './sms-delivery.entity';

/** How far the delivery records may lag behind the logins. */
const FLUSH_MS = 1000;
const PURGE_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
const RETENTION_MS = 90 * DAY_MS;
/** That are remembered for a day. */
const MAX_NUMBERS = 100_000;

interface Attempt {
  readonly to: E164;
  readonly country: string;
  readonly outcome: DeliveryOutcome;
  readonly providerMessageId?: string;
  readonly challengeId: string;
  readonly audience: Audience;
  readonly network: string;
  readonly isResend: boolean;
  readonly provider: ProviderName;
  readonly price: number;
  readonly createdAt: Date;
}

/** The record of what was sent, to whom roughly, at what price, and whether it was used. */
@Injectable()
export class SmsDeliveriesService {
  private readonly logger = new RedactingLogger(SmsDeliveriesService.name);
  /** Numbers by challenge: logins whose codes are not on record as used yet. */
  private used = new Map<string, E164>();
  /** Numbers that were verified within a day: whoever logs in again and again proves no more by it. */
  private readonly verifiedToday = new LRUCache<E164, true>({ max: MAX_NUMBERS, ttl: DAY_MS });

  constructor(
    @InjectRepository(SmsDelivery, TANDEM) private readonly deliveries: Repository<SmsDelivery>,
    private readonly budget: SmsBudgetService,
    private readonly clock: Clock,
    private readonly conversions: ConversionMonitorService,
    private readonly ids: Snowflake,
    jobs: BackgroundJobsService,
  ) {
    const options = { runsAtShutdown: true };
    jobs.every('record of used codes', FLUSH_MS, () => this.flush(), options);
    jobs.every('purge of delivery records', PURGE_MS, () => this.purge());
  }

  /** Never fails: a message that is sent stays sent when it cannot be recorded. */
  async record({ to, isResend, ...attempt }: Attempt): Promise<void> {
    await orWarn(this.logger, 'SMS delivery could not be recorded', async () => {
      const delivery = {
        ...attempt,
        mobile: maskMobile(to),
      };
      const { challengeId } = attempt;
      const isFirst =
        !isResend || !(await this.deliveries.existsBy({ challengeId, outcome: 'sent' }));
      // A node with the same worker id may have taken the id.
      await retrying(
        () => this.deliveries.insert({ ...delivery, id: this.ids.next() }),
        isDuplicate,
      );
      const isCounted = attempt.outcome === 'sent' && attempt.audience === 'fresh' && isFirst;
      if (isCounted && !this.verifiedToday.has(to))
        await this.conversions.sent(to, attempt.createdAt);
    });
  }

  /** The provider that was tried last for a challenge. */
  async lastProvider(challengeId: string): Promise<ProviderName | undefined> {
    const last = await this.deliveries.findOne({ where: { challengeId }, order: { id: 'DESC' } });
    return last?.provider;
  }

  /** Notes that a code was used, without a statement of the login's own. */
  verified(challengeId: string, mobile: E164): void {
    this.used.set(challengeId, mobile);
  }

  private async flush(): Promise<void> {
    const unmarked = [...this.used];
    this.used = new Map();
    try {
      for (; unmarked.length > 0; unmarked.splice(0, BATCH)) {
        await this.mark(new Map(unmarked.slice(0, BATCH)));
      }
    } finally {
      for (const [challengeId, mobile] of unmarked) this.used.set(challengeId, mobile);
    }
  }

  private async mark(mobiles: Map<string, E164>): Promise<void> {
    const outcome = In(['sent', 'unknown'] as const);
    const where = { challengeId: In([...mobiles.keys()]), outcome, verifiedAt: IsNull() };
    const deliveries = await this.deliveries.find({ where, order: { id: 'ASC' } });
    const id = In(deliveries.map((delivery) => delivery.id));
    await this.deliveries.update({ id }, { verifiedAt: this.clock.date() });
    const sent = deliveries.filter((delivery) => delivery.outcome === 'sent');
    const firsts = new Map(sent.toReversed().map((delivery) => [delivery.challengeId, delivery]));
    for (const delivery of firsts.values()) {
      await this.credit(mobiles.get(delivery.challengeId)!, delivery);
    }
  }

  private async credit(mobile: E164, delivery: SmsDelivery): Promise<void> {
    const { audience, createdAt, network, price } = delivery;
    if (this.verifiedToday.has(mobile)) return;
    this.verifiedToday.set(mobile, true);
    if (audience === 'fresh') await this.conversions.verified(mobile, createdAt);
    if (network !== null) await this.budget.used({ network, price });
  }

  private purge(): Promise<void> {
    const createdAt = LessThan(new Date(this.clock.now() - RETENTION_MS));
    return inBatches(
      (take) => this.deliveries.find({ where: { createdAt }, select: { id: true }, take }),
      (batch) => this.deliveries.delete({ id: In(batch.map(({ id }) => id)) }),
    );
  }
}

const isDuplicate = (error: unknown) => duplicateKey(error) !== undefined;
