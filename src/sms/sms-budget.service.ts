import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiException, tooMany } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { RedactingLogger } from '../common/redacting-logger';
import { Env } from '../config/env';
import { KeyRing } from '../config/key-ring';
import { orWarn } from '../observability/or-warn';
import { NetworkSharesService } from './network-shares.service';
import type { Audience } from './sms-delivery.entity';
import { type Draw, SmsFlowsService } from './sms-flows.service';
import {
  countryDraw,
  drawOf,
  HALF_USED_MS,
  type Lane,
  LANES,
  networkDraw,
  numberDraw,
  shareOf,
} from './sms-shares';
import { SmsSpendService, type Spending } from './sms-spend.service';

const TOTAL = '*';
const DAY_SECONDS = 86_400;

/** What a message is about to cost, in millionths, and who asked for it where. */
export interface Charge {
  readonly to: E164;
  readonly country: string;
  readonly audience: Audience;
  readonly network: string;
  readonly price: number;
}

type Refund = () => Promise<void>;

/** What refuses a message: a network's share, or what flows in for everybody. */
type Refused = 'network' | 'number' | 'budget';

/**
 * The SMS budget. A day's budget flows in continuously, so that nobody spends it in a minute, and a part of it is reserved for
 * those whose number it is, so that strangers cannot lock them out. All of it is in SQL: what was spent must survive a flushed
 * Redis.
 */
@Injectable()
export class SmsBudgetService {
  private readonly logger = new RedactingLogger(SmsBudgetService.name);
  private readonly numberKey: Buffer;

  constructor(
    private readonly env: Env,
    private readonly flows: SmsFlowsService,
    private readonly networks: NetworkSharesService,
    private readonly spend: SmsSpendService,
    keys: KeyRing,
  ) {
    this.numberKey = keys.generations.at(-1)!.derive('number of the SMS reserve');
  }

  /**
   * Spends the price before the message goes out, so that parallel messages cannot pass a budget together.
   *
   * @returns what gives it back, for a message that did not go out.
   * @throws ApiException `SMS_BUDGET_SPENT`, or `TOO_MANY_REQUESTS` of the network or the number; nothing is spent.
   */
  async reserve(charge: Charge): Promise<Refund> {
    if (charge.price === 0 || !(TOTAL in this.env.SMS_BUDGET_DAILY)) return () => Promise.resolve();
    let refusal: ApiException | undefined;
    for (const lane of LANES[charge.audience]) {
      const outcome = await this.spendFrom(lane, charge);
      if (!(outcome instanceof ApiException)) return outcome;
      refusal ??= outcome;
    }
    throw refusal!;
  }

  /** Gives a network back what a code took from its share that was used: only those that nobody uses count against it. */
  async used({ network, price }: Pick<Charge, 'network' | 'price'>): Promise<void> {
    if (price === 0 || !(TOTAL in this.env.SMS_BUDGET_DAILY)) return;
    for (const draw of await this.networkDraws({ network, price })) await this.giveBack(draw);
  }

  /** Whether half of what strangers may spend at once is spent: by then they should prove to be people. */
  async isTight(country: string): Promise<boolean> {
    if (!(TOTAL in this.env.SMS_BUDGET_DAILY)) return false;
    const used = await this.flows.usedMs(this.scopesOf(country), 'fresh');
    return [...used.values()].some((milliseconds) => milliseconds >= HALF_USED_MS);
  }

  private async spendFrom(lane: Lane, charge: Charge): Promise<Refund | ApiException> {
    const taken: Draw[] = [];
    const giveBack = async () => {
      for (const draw of taken) await this.giveBack(draw);
    };
    for (const [refused, draw] of await this.drawsOf(lane, charge)) {
      if (!(await this.flows.take(draw))) {
        await giveBack();
        if (refused === 'budget')
          await this.spend.refused(this.spendingOf(lane, charge), draw.scope);
        return this.refusal(refused, await this.flows.waitFor(draw));
      }
      taken.push(draw);
    }
    const spending = this.spendingOf(lane, charge);
    if (await this.spend.add(spending)) {
      return async () => void (await Promise.all([giveBack(), this.spend.giveBack(spending)]));
    }
    await giveBack();
    return this.refusal('budget', this.spend.millisecondsOfDayLeft());
  }

  /** The narrowest first. */
  private async drawsOf(lane: Lane, charge: Charge): Promise<[Refused, Draw][]> {
    const own: [Refused, Draw][] =
      lane === 'fresh'
        ? (await this.networkDraws(charge)).map((draw) => ['network', draw])
        : [['number', numberDraw(this.digestOf(charge.to))]];
    return [
      ...own,
      ...this.poolDraws(lane, charge).map((draw): [Refused, Draw] => ['budget', draw]),
    ];
  }

  private async networkDraws({ network, price }: Pick<Charge, 'network' | 'price'>) {
    const shares = await this.networks.sharesOf(network);
    const budget = this.budgetOf(TOTAL)!;
    return shares
      .filter(([, share]) => share < 1)
      .map(([scope, share]) => networkDraw(scope, budget * share, price));
  }

  private poolDraws(lane: Lane, { country, price }: Charge): Draw[] {
    const reserve = this.env.SMS_BUDGET_RESERVE;
    const [total, own] = [this.budgetOf(TOTAL)!, this.budgetOf(country)];
    const draws = [drawOf(TOTAL, lane, total, reserve, price)];
    if (own !== undefined) draws.unshift(drawOf(country, lane, own, reserve, price));
    else if (lane === 'fresh' && String(this.env.SMS_COUNTRIES) !== country) {
      draws.unshift(countryDraw(country, shareOf('fresh', total, reserve), price));
    }
    return draws;
  }

  private spendingOf(lane: Lane, { country, price }: Charge): Spending {
    return { scopes: this.scopesOf(country), share: lane === 'fresh' ? 'fresh' : 'total', price };
  }

  private scopesOf(country: string): string[] {
    return [TOTAL, country].filter((scope) => this.budgetOf(scope) !== undefined);
  }

  /** Millionths. */
  private budgetOf(scope: string): number | undefined {
    const budget = this.env.SMS_BUDGET_DAILY[scope];
    return budget === undefined ? undefined : Math.round(budget * 1e6);
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
      return new ApiException('TOO_MANY_REQUESTS', options);
    }
    return new ApiException('SMS_BUDGET_SPENT', { retryAfter: seconds });
  }

  private digestOf(mobile: E164): string {
    return createHmac('sha256', this.numberKey).update(mobile).digest('base64url').slice(0, 22);
  }
}
