import { Inject, Injectable } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { RedactingLogger } from '../common/redacting-logger';
import { Clock } from '../common/clock';
import { countryOf, type E164 } from '../common/phone-number';
import { leftOut } from '../common/territories';
import { Env } from '../config/env';
import type { ProviderName } from '../config/sms-env';
import { MetricsService } from '../observability/metrics.service';
import { AccountPacesService } from './account-paces.service';
import type { Origin } from './network-history.service';
import { PricesService } from './prices.service';
import { notSent, type Result, resultOf } from './not-sent';
import { type Sign, signOf } from './send-failure';
import { SmsBreaker } from './sms-breaker';
import { SmsBudgetService } from './sms-budget.service';
import { SmsDeliveriesService } from './sms-deliveries.service';
import type { Audience } from './sms-delivery.entity';
import type { SmsMessage, SmsProvider } from './sms-provider';
import { SmsRoutesService } from './sms-routes.service';

/** The injection token of the configured providers, by name. */
export const SMS_PROVIDERS = Symbol('SmsProviders');

/** For all providers of a route together: the caller waits. */
const ALL_ATTEMPTS_TIMEOUT_MS = 8000;
const ATTEMPT_TIMEOUT_MS = 3000;

/** What a message is for. */
export interface Delivery extends Origin {
  readonly message: SmsMessage;
  readonly challengeId: string;
  readonly audience: Audience;
  /** Whether it may cost more than what is left of the share of the networks that it was asked for from. */
  readonly isBeyondShare: boolean;
  /** Whether the challenge had a message before: then another provider may do better. */
  readonly isResend: boolean;
  /** Which request it is sent for, if it is. */
  readonly requestId?: string;
}

/** What awaits a message at a provider. */
export interface ProviderOutlook {
  readonly provider: ProviderName;
  /** Millionths. */
  readonly price: number;
  /** Since when its breaker is open, in milliseconds; null when it is closed. */
  readonly openMs: number | null;
  readonly throttledSeconds: number;
}

/** A provider that is left alone in a country. */
export interface OpenBreaker {
  readonly provider: ProviderName;
  readonly country: string;
  /** Since when, in milliseconds. */
  readonly openMs: number;
}

interface Attempt {
  readonly provider: ProviderName;
  readonly country: string;
  readonly milliseconds: number;
  readonly isTrial: boolean;
}

/** Sends through the first provider of the country's route that takes the message. */
@Injectable()
export class SmsSenderService {
  private readonly logger = new RedactingLogger(SmsSenderService.name);
  /** By provider and country. */
  private readonly breakers = new Map<string, SmsBreaker>();

  constructor(
    @Inject(SMS_PROVIDERS) private readonly providers: ReadonlyMap<ProviderName, SmsProvider>,
    private readonly budget: SmsBudgetService,
    private readonly clock: Clock,
    private readonly deliveries: SmsDeliveriesService,
    env: Env,
    private readonly metrics: MetricsService,
    private readonly paces: AccountPacesService,
    private readonly prices: PricesService,
    private readonly routes: SmsRoutesService,
  ) {
    if (env.isProduction && providers.has('log')) {
      this.logger.warn('SMS_PROVIDERS=log: codes are printed to the console, not sent');
    }
    if (env.isProduction && !env.SMS_PRICES_FILE) {
      this.logger.warn('SMS budget uses built-in list prices: set SMS_PRICES_FILE to yours');
    }
    for (const [country, territories] of leftOut(env.SMS_COUNTRIES)) {
      this.logger.log(
        `SMS_COUNTRIES has ${country} without ${territories.join(', ')}, whose numbers look alike: list those that you serve`,
      );
    }
  }

  /** @throws ApiException `SMS_BUDGET_SPENT`, or {@link NotSentException}. */
  async send(delivery: Delivery): Promise<void> {
    const deadline = this.clock.elapsed() + ALL_ATTEMPTS_TIMEOUT_MS;
    const country = countryOf(delivery.message.to);
    const route = await this.routes.routeTo({ ...delivery, to: delivery.message.to, country });
    const results: Result[] = [];
    for (const [index, name] of route.entries()) {
      const left = (deadline - this.clock.elapsed()) / (route.length - index);
      const sending = this.paces.inTurn(name, delivery, left, (milliseconds) => {
        const most = Math.min(milliseconds, ATTEMPT_TIMEOUT_MS);
        return this.sendThrough(name, country, delivery, most);
      });
      const result = await sending.catch((error: unknown) => {
        // What is told is what became of it at those that were asked: one may have sent it.
        if (error instanceof ApiException && results.some(wasAsked)) throw notSent(results);
        throw error;
      });
      if (result.outcome === 'sent') return;
      results.push(result);
    }
    throw notSent(results);
  }

  /**
   * Counts a message as if it were sent, where nobody may learn that it is not.
   *
   * @throws ApiException `SMS_BUDGET_SPENT` or `TOO_MANY_REQUESTS`.
   */
  async withhold({ message, ...about }: Delivery): Promise<void> {
    const { to } = message;
    const country = countryOf(to);
    const [provider] = await this.routes.routeTo({ ...about, to, country });
    const price = this.prices.of(provider!, country);
    await this.budget.reserve({ to, country, price, ...about, isWithheld: true });
    await this.deliveries.withheld({ ...about, to });
  }

  /** How the providers stand that a message to a number would be tried with, in their order: on this node. */
  async outlookFor(to: E164): Promise<ProviderOutlook[]> {
    const country = countryOf(to);
    const route = await this.routes.routeTo({ to, country, challengeId: '', isResend: false });
    return route.map((provider) => this.outlookOf(provider, country));
  }

  /** How a provider stands in a country: on this node. */
  outlookOf(provider: ProviderName, country: string): ProviderOutlook {
    return {
      provider,
      price: this.prices.of(provider, country),
      openMs: this.breakers.get(`${provider} ${country}`)?.openMs ?? null,
      throttledSeconds: this.paces.waitOf(provider),
    };
  }

  /** Those that have failed so much on this node that they are left alone. */
  openBreakers(): OpenBreaker[] {
    return [...this.breakers].flatMap(([name, { openMs }]) => {
      const [provider, country] = name.split(' ') as [ProviderName, string];
      return openMs === null ? [] : [{ provider, country, openMs }];
    });
  }

  /** Through a provider that its breaker does not spare. */
  private async sendThrough(
    provider: ProviderName,
    country: string,
    delivery: Delivery,
    milliseconds: number,
  ): Promise<Result> {
    const breaker = this.breakerOf(provider, country);
    const admission = breaker.admit();
    if (admission === 'spared') return { outcome: 'spared' };
    let sign: Sign = 'nothing';
    try {
      const isTrial = admission === 'trial';
      const attempt = { provider, country, milliseconds, isTrial };
      const { error, ...result } = await this.charged(attempt, delivery);
      sign = signOf(error);
      return result;
    } finally {
      const asker = { to: delivery.message.to, network: delivery.network };
      if (breaker.note(asker, admission, sign)) {
        const fields = { request_id: delivery.requestId };
        this.logger.error(`SMS circuit breaker open: ${provider}, ${country}`, fields);
      }
      this.metrics.smsBreaker(provider, country, breaker.openMs !== null);
    }
  }

  private breakerOf(provider: ProviderName, country: string): SmsBreaker {
    const name = `${provider} ${country}`;
    const breaker = this.breakers.get(name) ?? new SmsBreaker(() => this.clock.elapsed());
    this.breakers.set(name, breaker);
    return breaker;
  }

  /** @throws ApiException `SMS_BUDGET_SPENT`, before the provider is asked. */
  private async charged(
    { provider, country, milliseconds, isTrial }: Attempt,
    { message, requestId, ...about }: Delivery,
  ): Promise<Result & { error?: unknown }> {
    const price = this.prices.of(provider, country);
    const { refund, takenFrom } = await this.budget.reserve({
      to: message.to,
      country,
      price,
      ...about,
    });
    const createdAt = this.clock.date();
    const result = await this.attempt(provider, message, milliseconds, requestId);
    const { outcome, providerMessageId, failure } = result;
    // The breaker's trials of a provider that hangs must not use up the budget.
    const isCharged = outcome === 'sent' || (outcome === 'unknown' && !isTrial);
    if (!isCharged) await refund();
    if ('code' in message) this.metrics.codeSent(provider, outcome);
    const attempt = { to: message.to, country, provider, providerMessageId, outcome, createdAt };
    const cost = { failureCode: failure?.code, price: isCharged ? price : 0, takenFrom };
    await this.deliveries.record({ ...about, ...attempt, ...cost });
    return result;
  }

  private async attempt(
    provider: ProviderName,
    message: SmsMessage,
    milliseconds: number,
    requestId?: string,
  ): Promise<ReturnType<typeof resultOf> & { error?: unknown }> {
    const signal = AbortSignal.timeout(Math.max(0, Math.ceil(milliseconds)));
    try {
      const providerMessageId = await this.providers.get(provider)!.send(message, signal);
      return { outcome: 'sent', providerMessageId };
    } catch (error) {
      this.logger.error(error, `SMS provider failed: ${provider}`, { request_id: requestId });
      return { ...resultOf(error), error };
    }
  }
}

const wasAsked = ({ outcome }: Result) => outcome !== 'spared';
