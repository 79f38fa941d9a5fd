import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { MetricsService } from '../../observability/metrics.service';
import type { Receipt } from './receipt';

/** What receipts tell of providers. */
@Injectable()
export class ReceiptMetricsService {
  private readonly receipts: Counter<'provider' | 'country' | 'status'>;
  private readonly refusals: Counter<'provider'>;
  private readonly times: Histogram<'provider'>;

  constructor({ registry }: MetricsService) {
    const registers = [registry];
    this.receipts = new Counter({
      name: 'tandem_sms_receipts_total',
      help: 'Delivery receipts of messages that are on record.',
      labelNames: ['provider', 'country', 'status'],
      registers,
    });
    this.refusals = new Counter({
      name: 'tandem_sms_receipts_refused_total',
      help: 'Calls for receipts with a wrong signature, secret or network.',
      labelNames: ['provider'],
      registers,
    });
    this.times = new Histogram({
      name: 'tandem_sms_delivery_seconds',
      help: 'Time from when a provider took a message until it was delivered, as its receipt says.',
      labelNames: ['provider'],
      buckets: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600],
      registers,
    });
  }

  /** @param seconds until it was delivered. */
  received(provider: string, country: string, status: Receipt['status'], seconds?: number): void {
    this.receipts.inc({ provider, country, status });
    if (seconds !== undefined) this.times.observe({ provider }, seconds);
  }

  refused(provider: string): void {
    this.refusals.inc({ provider });
  }
}
