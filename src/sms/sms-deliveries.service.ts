import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, LessThan, Repository } from 'typeorm';
import { NumberRefsService } from '../audit/number-refs.service';
import { RedactingLogger } from '../common/redacting-logger';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { type E164, maskMobile } from '../common/phone-number';
import { Snowflake } from '../common/snowflake';
import type { ProviderName } from '../config/sms-env';
import { orWarn } from '../observability/or-warn';
import { deleteInBatches } from '../storage/batches';
import { change, atomically, nameIn } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { insertion, type Sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { ConversionMonitorService } from './conversion-monitor.service';
import type { Origin } from './network-history.service';
import { type Audience, type DeliveryOutcome, SmsDelivery } from './sms-delivery.entity';
import type { Level } from './sms-shares.service';
import { UsedCodesService } from './used-codes.service';

const PURGE_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
const RETENTION_MS = 90 * DAY_MS;

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
  readonly takenFrom: readonly Level[];
  readonly createdAt: Date;
}

/** The record of what was sent, to whom roughly, at what price, and whether it was used. */
@Injectable()
export class SmsDeliveriesService {
  private readonly logger = new RedactingLogger(SmsDeliveriesService.name);
  private readonly table: Sql;

  constructor(
    @InjectRepository(SmsDelivery, TANDEM) private readonly deliveries: Repository<SmsDelivery>,
    private readonly clock: Clock,
    private readonly conversions: ConversionMonitorService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ids: Snowflake,
    private readonly numbers: NumberRefsService,
    private readonly usedCodes: UsedCodesService,
    jobs: BackgroundJobsService,
  ) {
    this.table = nameIn(dataSource, 'sms_deliveries');
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
        !this.usedCodes.wasUsedToday(to);
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
      taken_from: attempt.takenFrom.join() || null,
      audience,
      created_at: attempt.createdAt.getTime(),
    });
  }

  private purge(): Promise<void> {
    const createdAt = LessThan(new Date(this.clock.now() - RETENTION_MS));
    return deleteInBatches(this.deliveries, { createdAt });
  }
}
