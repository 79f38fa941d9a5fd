import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import { RedactingLogger } from '../../common/redacting-logger';
import { Env } from '../../config/env';
import type { Receipt, ReceiptCall, ReceiptSource } from './receipt';
import { ReceiptMetricsService } from './receipt-metrics.service';
import { receiptSources } from './receipt-sources';
import { SmsReceiptsService } from './sms-receipts.service';

/** Between two warnings about calls that are no receipts. */
const WARNING_INTERVAL_MS = 60_000;

/** Hears what providers tell, once it is sure that they do. */
@Injectable()
export class ReceiptDeskService {
  private readonly logger = new RedactingLogger(ReceiptDeskService.name);
  private readonly sources: ReadonlyMap<string, ReceiptSource>;
  private quietUntil = -Infinity;

  constructor(
    env: Env,
    private readonly clock: Clock,
    private readonly metrics: ReceiptMetricsService,
    private readonly receipts: SmsReceiptsService,
  ) {
    this.sources = receiptSources(env, clock);
  }

  serves(provider: string): boolean {
    return this.sources.has(provider);
  }

  /**
   * @returns what the provider wants to read, whether or not the messages are known.
   * @throws ApiException `NOT_FOUND` for a call that is not the provider's, before anything is read, and `VALIDATION_FAILED`.
   */
  async receive(provider: string, call: ReceiptCall): Promise<object | undefined> {
    const source = this.sources.get(provider)!;
    if (!source.isGenuine(call)) {
      this.refused(provider);
      throw new ApiException('NOT_FOUND');
    }
    await this.receipts.take(provider, readBy(source, call.body));
    return source.acknowledgement;
  }

  private refused(provider: string): void {
    this.metrics.refused(provider);
    if (this.clock.elapsed() < this.quietUntil) return;
    this.quietUntil = this.clock.elapsed() + WARNING_INTERVAL_MS;
    this.logger.warn(`SMS receipts refused: ${provider}, wrong signature, secret or network`);
  }
}

function readBy(source: ReceiptSource, body: Buffer): Receipt[] {
  try {
    return source.read(body);
  } catch (cause) {
    const message = ['this is no receipt of the provider'];
    throw new ApiException('VALIDATION_FAILED', { message, cause });
  }
}
