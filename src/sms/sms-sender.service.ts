import { Injectable, Logger } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { LogProvider } from './log.provider';
import type { SmsMessage, SmsProvider } from './sms-provider';
import { WebhookProvider } from './webhook.provider';

/** Sends through the first of `SMS_PROVIDERS` that takes the message. */
@Injectable()
export class SmsSender {
  private readonly logger = new Logger(SmsSender.name);
  private readonly providers: SmsProvider[];

  constructor(
    env: Env,
    private readonly metrics: MetricsService,
  ) {
    this.providers = env.SMS_PROVIDERS.map((name) =>
      name === 'webhook'
        ? new WebhookProvider(env.SMS_WEBHOOK_URL!, env.SMS_WEBHOOK_SECRET!)
        : new LogProvider(),
    );
    if (env.isProduction && env.SMS_PROVIDERS.includes('log')) {
      this.logger.warn('SMS_PROVIDERS=log: every code is printed to the console');
    }
  }

  /** @throws ApiException `UNAVAILABLE` when no provider takes the message. */
  async send(message: SmsMessage): Promise<void> {
    for (const provider of this.providers) {
      if (await this.isTakenBy(provider, message)) return;
    }
    throw new ApiException('UNAVAILABLE');
  }

  private async isTakenBy(provider: SmsProvider, message: SmsMessage): Promise<boolean> {
    try {
      await provider.send(message);
      this.metrics.codeSent(provider.name, 'sent');
      return true;
    } catch (error) {
      this.logger.error(error, `${provider.name} did not take a message`);
      this.metrics.codeSent(provider.name, 'failed');
      return false;
    }
  }
}
