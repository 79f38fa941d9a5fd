import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { BackgroundJobsService } from '../../common/background-jobs.service';
import { Clock } from '../../common/clock';
import { change, nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, join, type Sql, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import type { Receipt } from './receipt';
import { ReceiptMetricsService } from './receipt-metrics.service';

/** A receipt may be faster than the record of what was sent. */
const EARLY_MS = 1000;
const EARLY_TRIES = 5;
/** That wait for their message: what floods with unknown ids leaves no more behind. */
const MAX_EARLY = 1000;

interface Row {
  readonly id: Integer;
  readonly provider_message_id: string;
  readonly country: string;
  readonly created_at: Integer;
}

interface Early {
  readonly provider: string;
  readonly receipt: Receipt;
  readonly tries: number;
}

/** Writes receipts into the record of what was sent. */
@Injectable()
export class SmsReceiptsService {
  private readonly deliveries: Sql;
  private early: Early[] = [];

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly metrics: ReceiptMetricsService,
    jobs: BackgroundJobsService,
  ) {
    this.deliveries = nameIn(dataSource, 'sms_deliveries');
    jobs.every('SMS receipts that came early', EARLY_MS, () => this.tryAgain());
  }

  /** However often and in whatever order receipts come: one that says delivered stands. Unknown ids write nothing. */
  async take(provider: string, receipts: readonly Receipt[]): Promise<void> {
    await this.note(receipts.map((receipt) => ({ provider, receipt, tries: 0 })));
  }

  private async tryAgain(): Promise<void> {
    const waiting = this.early;
    this.early = [];
    const providers = new Set(waiting.map(({ provider }) => provider));
    for (const name of providers)
      await this.note(waiting.filter(({ provider }) => provider === name));
  }

  /** @param waiting of one provider. */
  private async note(waiting: readonly Early[]): Promise<void> {
    if (waiting.length === 0) return;
    const ids = waiting.map(({ receipt }) => receipt.messageId);
    const rows = await this.find(waiting[0]!.provider, ids);
    const known = new Map(rows.map((row) => [row.provider_message_id, row]));
    for (const one of waiting) {
      const row = known.get(one.receipt.messageId);
      if (row) await this.write(row, one);
      else this.keep(one);
    }
  }

  private find(provider: string, ids: readonly string[]): Promise<Row[]> {
    return select(
      this.dataSource,
      rowsOf<Row>(sql`SELECT id, provider_message_id, country, created_at FROM ${this.deliveries}
        WHERE provider_message_id IN (${join(ids)}) AND provider = ${provider}`),
    );
  }

  private async write(row: Row, { provider, receipt }: Early): Promise<void> {
    const [sentAt, now] = [Number(row.created_at), this.clock.now()];
    const at = Math.max(sentAt, Math.min(receipt.at ?? now, now));
    const isDelivered = receipt.status === 'delivered';
    const before = isDelivered ? sql`receipt IS NULL OR receipt = 'failed'` : sql`receipt IS NULL`;
    const changed = await change(
      this.dataSource,
      sql`UPDATE ${this.deliveries} SET receipt = ${receipt.status},
        receipt_code = ${receipt.code ?? null}, delivered_at = ${isDelivered ? at : null}
        WHERE id = ${String(row.id)} AND (${before})`,
    );
    if (changed === 0) return;
    const seconds = isDelivered ? (at - sentAt) / 1000 : undefined;
    this.metrics.received(provider, row.country, receipt.status, seconds);
  }

  private keep(one: Early): void {
    if (one.tries < EARLY_TRIES && this.early.length < MAX_EARLY) {
      this.early.push({ ...one, tries: one.tries + 1 });
    }
  }
}
