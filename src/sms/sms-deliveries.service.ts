import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, In, IsNull, LessThan, Repository } from 'typeorm';
import { NumberRefsService } from '../audit/number-refs.service';
import { RedactingLogger } from '../common/redacting-logger';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { growingCache } from '../common/growing-cache';
import { type E164, maskMobile } from '../common/phone-number';
import { Snowflake } from '../common/snowflake';
import type { ProviderName } from '../config/sms-env';
import { orWarn } from '../observability/or-warn';
import { BATCH, deleteInBatches } from '../storage/batches';
import { change, atomically, nameIn } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { insertion, type Sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { ConversionMonitorService } from './conversion-monitor.service';
import type { Origin } from './network-history.service';
import { SmsBudgetService } from './sms-budget.service';
import { type Audience, type DeliveryOutcome, SmsDelivery } from './sms-delivery.entity';

/** How far the delivery records may lag behind the logins. */
const FLUSH_MS = 1000;
const PURGE_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
const RETENTION_MS = 90 * DAY_MS;
/** That are remembered for a day. */
const MAX_NUMBERS = 100_000;

interface Attempt extends Origin {
  readonly to: E164;
  readonly country: string;
  readonly outcome: DeliveryOutcome;
  readonly providerMessageId?: string;
  readonly failureCode?: string;
  readonly challengeId: string;
  readonly audience: Audience;
  readonly isResend: boolean;
  readonly provider: ProviderName;
  readonly price: number;
  readonly createdAt: Date;
}

/** The record of what was sent, to whom roughly, at what price, and whether it was used. */
@Injectable()
export class SmsDeliveriesService {
  private readonly logger = new RedactingLogger(SmsDeliveriesService.name);
  private readonly table: Sql;
  /** Numbers by challenge: logins whose codes are not on record as used yet. */
  private used = new Map<string, E164>();
  /** Numbers that were verified within a day: whoever logs in again and again proves no more by it. */
  private readonly verifiedToday = growingCache<E164, true>(MAX_NUMBERS, DAY_MS);

  constructor(
    @InjectRepository(SmsDelivery, TANDEM) private readonly deliveries: Repository<SmsDelivery>,
    private readonly budget: SmsBudgetService,
    private readonly clock: Clock,
    private readonly conversions: ConversionMonitorService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ids: Snowflake,
    private readonly numbers: NumberRefsService,
    jobs: BackgroundJobsService,
  ) {
    this.table = nameIn(dataSource, 'sms_deliveries');
    const options = { runsAtShutdown: true };
    jobs.every('record of used codes', FLUSH_MS, () => this.flush(), options);
    jobs.every('purge of delivery records', PURGE_MS, () => this.purge());
  }

  /** Never fails: a message that is sent stays sent when it cannot be recorded. */
  async record({ to, isResend, ...attempt }: Attempt): Promise<void> {
    await orWarn(this.logger, 'SMS delivery could not be recorded', async () => {
      const { challengeId } = attempt;
      const isFirst =
        !isResend || !(await this.deliveries.existsBy({ challengeId, outcome: 'sent' }));
      const isCounted =
        attempt.outcome === 'sent' &&
        attempt.audience === 'fresh' &&
        isFirst &&
        !this.verifiedToday.has(to);
      const insert = () =>
        atomically(this.dataSource, {
          delivery: this.insertionOf(to, attempt),
          count: isCounted ? this.conversions.sent(to, attempt.createdAt) : undefined,
        });
      // A node with the same worker id may have taken the id.
      await retrying(insert, isCollision);
    });
  }

  /** Counts one that was not sent as one whose code is not used. */
  async withheld({ to, audience, isResend }: Pick<Attempt, 'to' | 'audience' | 'isResend'>) {
    if (audience !== 'fresh' || isResend) return;
    await change(this.dataSource, this.conversions.sent(to, this.clock.date()));
  }

  /** Notes that a code was used, without a statement of the login's own. */
  verified(challengeId: string, mobile: E164): void {
    this.used.set(challengeId, mobile);
  }

  private insertionOf(to: E164, attempt: Omit<Attempt, 'to' | 'isResend'>): Sql {
    const { network, host, country, provider, outcome, price, audience } = attempt;
    return insertion(this.table, {
      id: this.ids.next(),
      challenge_id: attempt.challengeId,
      mobile: maskMobile(to),
      number_ref: this.numbers.refOf(to),
      network: network || null,
      host: host || null,
      country,
      provider,
      provider_message_id: attempt.providerMessageId ?? null,
      outcome,
      failure_code: attempt.failureCode ?? null,
      price,
      audience,
      created_at: attempt.createdAt.getTime(),
    });
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
    const host = delivery.host ?? network;
    if (this.verifiedToday.has(mobile)) return;
    this.verifiedToday.set(mobile, true);
    if (audience === 'fresh') await this.conversions.verified(mobile, createdAt);
    if (network !== null) await this.budget.used({ network, host: host!, price });
  }

  private purge(): Promise<void> {
    const createdAt = LessThan(new Date(this.clock.now() - RETENTION_MS));
    return deleteInBatches(this.deliveries, { createdAt });
  }
}
