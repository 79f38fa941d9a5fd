import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ApiException, tooMany } from '../common/errors';
import { RedactingLogger } from '../common/redacting-logger';
import { Env } from '../config/env';
import { routeOf } from '../config/sms-settings';
import { orWarn } from '../observability/or-warn';
import { inOneTransaction } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { NetworkHistoryService, type Origin } from './network-history.service';
import { PricesService } from './prices.service';
import { type Draw, isBeyond, SmsFlowsService } from './sms-flows.service';
import { HALF_USED_MS, type Lane, LANES, leftOf, shareOf } from './sms-shares';
import {
  type Charge,
  type Level,
  levelOf,
  type Planned,
  type Refused,
  SmsSharesService,
  TOTAL,
} from './sms-shares.service';
import { SmsSpendService, type SpentInScope, type Spending } from './sms-spend.service';

const DAY_SECONDS = 86_400;

/** What was spent on a message. */
export interface Payment {
  /** Whose shares it was taken from: of networks of many people, and from the reserve, a message is paid without them. */
  readonly takenFrom: readonly Level[];
  /** Gives it back, for a message that did not go out. */
  readonly refund: () => Promise<void>;
}

const NOTHING: Payment = { takenFrom: [], refund: () => Promise.resolve() };

/**
 * The SMS budget. A day's budget flows in continuously, so that nobody spends it in a minute, and a part of it is reserved for
 * those whose number it is, so that strangers cannot lock them out. All of it is in SQL: what was spent must survive a flushed
 * Redis.
 */
@Injectable()
export class SmsBudgetService {
  private readonly logger = new RedactingLogger(SmsBudgetService.name);

  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly flows: SmsFlowsService,
    private readonly history: NetworkHistoryService,
    private readonly prices: PricesService,
    private readonly shares: SmsSharesService,
    private readonly spend: SmsSpendService,
  ) {}

  /**
   * Spends the price before the message goes out, so that parallel messages cannot pass a budget together.
   *
   * @throws ApiException `SMS_BUDGET_SPENT`, or `TOO_MANY_REQUESTS` of the network or the number; nothing is spent.
   */
  async reserve(charge: Charge): Promise<Payment> {
    if (charge.price === 0 || !(TOTAL in this.env.SMS_BUDGET_DAILY)) return NOTHING;
    let refusal: ApiException | undefined;
    for (const lane of LANES[charge.audience]) {
      const outcome = await this.spendFrom(lane, charge);
      if (!(outcome instanceof ApiException)) return outcome;
      refusal ??= outcome;
    }
    throw refusal!;
  }

  /** What {@link reserve} would throw, with nothing spent; null when it would not. */
  async refusalOf(charge: Charge): Promise<ApiException | null> {
    if (charge.price === 0 || !(TOTAL in this.env.SMS_BUDGET_DAILY)) return null;
    let refusal: ApiException | undefined;
    for (const lane of LANES[charge.audience]) {
      const shortage = await this.shortageOf(lane, charge);
      if (!shortage) return null;
      refusal ??= shortage;
    }
    return refusal!;
  }

  private async shortageOf(lane: Lane, charge: Charge): Promise<ApiException | null> {
    for (const { refused, draw, isOptional } of await this.shares.drawsOf(lane, charge)) {
      const waitMs = isOptional ? 0 : await this.flows.waitFor(draw);
      if (waitMs > 0) return this.refusal(refused, waitMs);
    }
    if (await this.spend.allows(this.spendingOf(lane, charge))) return null;
    return this.refusal('budget', this.spend.millisecondsOfDayLeft());
  }

  /** Gives a network back what a code took from its share that was used: only those that nobody uses count against it. */
  async used(origin: Origin, price: number, takenFrom: readonly string[]): Promise<void> {
    if (price === 0 || !(TOTAL in this.env.SMS_BUDGET_DAILY)) return;
    for (const draw of await this.shares.networkDraws(origin, price)) {
      if (takenFrom.includes(levelOf(draw, origin))) await this.giveBack(draw);
    }
  }

  /** Whether half of what strangers may spend at once is spent: by then they should prove to be people. */
  async isTight(country: string): Promise<boolean> {
    if (!(TOTAL in this.env.SMS_BUDGET_DAILY)) return false;
    const used = await this.flows.usedMs(this.shares.scopesOf(country), 'fresh');
    return [...used.values()].some((milliseconds) => milliseconds >= HALF_USED_MS);
  }

  /** By scope: what may be spent of each budget at this moment, by all and by strangers. */
  async leftAtOnce(): Promise<Map<string, Record<'total' | 'fresh', number>>> {
    const scopes = Object.keys(this.env.SMS_BUDGET_DAILY);
    if (scopes.length === 0) return new Map();
    const [total, fresh] = await Promise.all([
      this.flows.usedMs(scopes, 'total'),
      this.flows.usedMs(scopes, 'fresh'),
    ]);
    return new Map(
      Object.entries(this.env.SMS_BUDGET_DAILY).map(([scope, budget]) => {
        const strangers = shareOf('fresh', budget, this.env.SMS_BUDGET_RESERVE);
        const left = leftOf(budget, total.get(scope) ?? 0);
        return [
          scope,
          { total: left, fresh: Math.min(left, leftOf(strangers, fresh.get(scope) ?? 0)) },
        ];
      }),
    );
  }

  /**
   * Whether a stranger's message is beyond the share of networks that many people log in from. Those are not refused for it:
   * one who leaves codes unused there would shut all of them out.
   */
  async isBeyondShare(origin: Origin, country: string): Promise<boolean> {
    if (!(TOTAL in this.env.SMS_BUDGET_DAILY)) return false;
    const isOfMany = await this.history.areOfMany(origin);
    if (!isOfMany.network && !isOfMany.host) return false;
    const [provider] = routeOf(country, this.env);
    const draws = await this.shares.networkDraws(origin, this.prices.of(provider!, country));
    for (const draw of draws) {
      if (isOfMany[levelOf(draw, origin)] && (await this.flows.waitFor(draw)) > 0) return true;
    }
    return false;
  }

  private async spendFrom(lane: Lane, charge: Charge): Promise<Payment | ApiException> {
    const planned = await this.shares.drawsOf(lane, charge);
    const spending = this.spendingOf(lane, charge);
    const { taken, isAdded } = charge.isWithheld
      ? { taken: [], isAdded: false }
      : await this.spendAtOnce(planned, spending);
    const giveBack = async () => {
      for (const draw of taken) await this.giveBack(draw);
    };
    for (const { refused, draw, isOptional } of planned.slice(taken.length)) {
      if (await this.flows.take(draw)) taken.push(draw);
      else if (!isOptional) {
        await giveBack();
        if (refused === 'budget') await this.spend.refused(spending, draw.scope);
        return this.refusal(refused, await this.flows.waitFor(draw));
      }
    }
    const takenFrom = taken.flatMap((draw) => levelsOf(draw, charge));
    if (charge.isWithheld) return { takenFrom, refund: giveBack };
    if (isAdded || (await this.spend.add(spending))) {
      const refund = async () =>
        void (await Promise.all([giveBack(), this.spend.giveBack(spending)]));
      return { takenFrom, refund };
    }
    await giveBack();
    return this.refusal('budget', this.spend.millisecondsOfDayLeft());
  }

  /**
   * In one call, as far as it goes: each step only after the one before it.
   *
   * @returns what was taken from, the narrowest first.
   */
  private async spendAtOnce(
    planned: readonly Planned[],
    spending: Spending,
  ): Promise<{ taken: Draw[]; isAdded: boolean }> {
    // What does without a step, or waits for more than there ever is, goes step by step.
    if (planned.some(({ draw, isOptional }) => isOptional || isBeyond(draw)))
      return { taken: [], isAdded: false };
    const draws = planned.map(({ draw }) => draw);
    const takings = await this.flows.takings(draws);
    const { added, spent } = this.spend.additions(spending);
    const statements = [...takings, ...added, spent];
    const outcomes = await retrying(
      () => inOneTransaction(this.dataSource, statements),
      isDeadlock,
    );
    const rows = outcomes.pop() as SpentInScope[];
    const taken = draws.filter((_, index) => outcomes[index] === 1);
    const scopes = spending.scopes.filter((_, index) => outcomes[draws.length + index] === 1);
    const isAdded = scopes.length === spending.scopes.length;
    if (isAdded) await this.spend.added(rows);
    else await this.spend.giveBack({ ...spending, scopes });
    return { taken, isAdded };
  }

  private spendingOf(lane: Lane, { country, price }: Charge): Spending {
    return {
      scopes: this.shares.scopesOf(country),
      share: lane === 'fresh' ? 'fresh' : 'total',
      price,
    };
  }

  private giveBack(draw: Draw): Promise<void> {
    return orWarn(this.logger, 'SMS spend could not be given back', () =>
      this.flows.giveBack(draw),
    );
  }

  private refusal(refused: Refused, waitMs: number): ApiException {
    const seconds = Math.min(Math.max(1, Math.ceil(waitMs / 1000)), DAY_SECONDS);
    if (refused === 'network') {
      const options = tooMany('network', 'codes from this network', seconds);
      return new ApiException('TOO_MANY_REQUESTS', { ...options, reason: 'network_share' });
    }
    const reason = refused === 'number' ? 'number_share' : 'budget';
    return new ApiException('SMS_BUDGET_SPENT', { retryAfter: seconds, reason });
  }
}

/** None where it is no share of a network. */
const levelsOf = (draw: Draw, origin: Origin) =>
  [origin.network, origin.host].includes(draw.scope) ? [levelOf(draw, origin)] : [];
