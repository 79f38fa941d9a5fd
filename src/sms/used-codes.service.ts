import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, In, IsNull, Repository } from 'typeorm';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { growingCache } from '../common/growing-cache';
import type { E164 } from '../common/phone-number';
import { BATCH } from '../storage/batches';
import { lookUp, nameIn, rowsOf } from '../storage/queries';
import { join, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { ConversionMonitorService } from './conversion-monitor.service';
import { SmsBudgetService } from './sms-budget.service';
import { SmsDelivery } from './sms-delivery.entity';

/** How far the delivery records may lag behind the logins. */
const FLUSH_MS = 1000;
const DAY_MS = 86_400_000;
/** That are remembered. */
const MAX_NUMBERS = 100_000;

interface Use {
  readonly mobile: E164;
  /** Of the login, as `coarseNetwork` names it. */
  readonly network: string;
}

/** Which codes were used, and what networks and prefixes gain by it: once a number and day. */
@Injectable()
export class UsedCodesService {
  private readonly table: Sql;
  /** By challenge: logins whose codes are not on record as used yet. */
  private used = new Map<string, Use>();
  /** On which day (UTC) a number was verified last: whoever logs in again and again proves no more by it. */
  private readonly verifiedOn = growingCache<E164, number>(MAX_NUMBERS);

  constructor(
    @InjectRepository(SmsDelivery, TANDEM) private readonly deliveries: Repository<SmsDelivery>,
    private readonly budget: SmsBudgetService,
    private readonly clock: Clock,
    private readonly conversions: ConversionMonitorService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    jobs: BackgroundJobsService,
  ) {
    this.table = nameIn(dataSource, 'sms_deliveries');
    const options = { runsAtShutdown: true };
    jobs.every('record of used codes', FLUSH_MS, () => this.flush(), options);
  }

  /** Notes that a code was used, without a statement of the login's own. */
  note(challengeId: string, use: Use): void {
    this.used.set(challengeId, use);
  }

  /** Whether this process knows that a code of the number was used on this day. */
  wasUsedToday(mobile: E164): boolean {
    return this.verifiedOn.get(mobile) === this.today();
  }

  async flush(): Promise<void> {
    const unmarked = [...this.used];
    this.used = new Map();
    try {
      for (; unmarked.length > 0; unmarked.splice(0, BATCH)) {
        await this.mark(new Map(unmarked.slice(0, BATCH)));
      }
    } finally {
      for (const [challengeId, use] of unmarked) this.used.set(challengeId, use);
    }
  }

  private async mark(uses: Map<string, Use>): Promise<void> {
    const outcome = In(['sent', 'unknown'] as const);
    const where = { challengeId: In([...uses.keys()]), outcome, verifiedAt: IsNull() };
    const deliveries = await this.deliveries.find({ where, order: { id: 'ASC' } });
    const known = await this.usedToday(deliveries);
    const messages = byChallenge(deliveries);
    const brought = [...messages].flatMap(([id, sent]) => broughtBy(sent, uses.get(id)!));
    const id = In(brought.map((delivery) => delivery.id));
    await this.deliveries.update({ id }, { verifiedAt: this.clock.date() });
    for (const [challengeId, sent] of messages) {
      const own = brought.find((one) => one.challengeId === challengeId && isSent(one));
      const isNew = own !== undefined && !known.has(own.numberRef);
      await this.credit(uses.get(challengeId)!, sent.find(isSent), isNew ? own : undefined);
    }
  }

  /** Numbers that any node has a used code of on record today: this one remembers its own, and those only since its start. */
  private async usedToday(deliveries: readonly SmsDelivery[]): Promise<Set<string | null>> {
    const refs = deliveries.flatMap(({ numberRef }) => numberRef ?? []);
    if (refs.length === 0) return new Set();
    const midnight = this.today() * DAY_MS;
    const rows = await lookUp(
      this.dataSource,
      rowsOf<{ number_ref: string }>(sql`SELECT DISTINCT number_ref FROM ${this.table}
        WHERE number_ref IN (${join(refs)}) AND created_at >= ${midnight - DAY_MS} AND verified_at >= ${midnight}`),
    );
    return new Set(rows.map(({ number_ref: ref }) => ref));
  }

  /**
   * @param first of the messages that were sent, which is the one that counts for the prefix.
   * @param own that gives back what it took from the share of its network.
   */
  private async credit({ mobile }: Use, first?: SmsDelivery, own?: SmsDelivery): Promise<void> {
    if (!first || this.wasUsedToday(mobile)) return;
    this.verifiedOn.set(mobile, this.today());
    if (first.audience === 'fresh') await this.conversions.verified(mobile, first.createdAt);
    if (!own || own.network === null) return;
    const { network, host, price, takenFrom } = own;
    const origin = { network, host: host ?? network };
    await this.budget.used(origin, price, takenFrom?.split(',') ?? []);
  }

  /** Whole days (UTC). */
  private today(): number {
    return Math.floor(this.clock.now() / DAY_MS);
  }
}

const isSent = ({ outcome }: SmsDelivery) => outcome === 'sent';

function byChallenge(deliveries: readonly SmsDelivery[]): Map<string, SmsDelivery[]> {
  const messages = new Map<string, SmsDelivery[]>();
  for (const delivery of deliveries) {
    const { challengeId } = delivery;
    messages.set(challengeId, [...(messages.get(challengeId) ?? []), delivery]);
  }
  return messages;
}

/**
 * Of the messages of a code, those that may have brought it: nobody gains a name for their network by asking for the codes of
 * others. Where none was asked for in the network of the login, its user has changed theirs: the newest, unless several networks
 * have asked.
 */
function broughtBy(messages: SmsDelivery[], { network }: Use): SmsDelivery[] {
  const own = messages.filter((message) => message.network === network);
  if (own.length > 0) return own;
  return new Set(messages.map((message) => message.network)).size === 1 ? messages.slice(-1) : [];
}
