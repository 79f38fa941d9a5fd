import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { KeyRing } from '../config/key-ring';
import { NetworkHistoryService, type Origin } from './network-history.service';
import { NetworkSharesService } from './network-shares.service';
import type { Audience } from './sms-delivery.entity';
import type { Draw } from './sms-flows.service';
import {
  aboveQuarter,
  countryDraw,
  drawOf,
  type Lane,
  networkDraw,
  noticeDraw,
  numberDraw,
  shareOf,
} from './sms-shares';

/** The scope of all messages. */
export const TOTAL = '*';

/** What a message is about to cost, in millionths, and who asked for it where. */
export interface Charge extends Origin {
  readonly to: E164;
  readonly country: string;
  readonly audience: Audience;
  readonly price: number;
  /** Whether networks of many people are let off their shares for it. */
  readonly isBeyondShare: boolean;
  /** Takes from all shares, but no money is spent. */
  readonly isWithheld?: boolean;
}

/** What a message is to be paid from, and what is told when that is empty; optional where it may be. */
export interface Planned {
  readonly refused: Refused;
  readonly draw: Draw;
  readonly isOptional?: boolean;
}

export type Level = keyof Origin;

/** Whose share it is. */
export const levelOf = ({ scope }: Draw, { network }: Origin): Level =>
  scope === network ? 'network' : 'host';

/** What refuses a message: a network's share, or what flows in for everybody. */
export type Refused = 'network' | 'number' | 'budget';

/** From which shares of a day's budget a message is to be paid. */
@Injectable()
export class SmsSharesService {
  private readonly numberKey: Buffer;

  constructor(
    private readonly env: Env,
    private readonly history: NetworkHistoryService,
    private readonly networks: NetworkSharesService,
    keys: KeyRing,
  ) {
    this.numberKey = keys.generations.at(-1)!.derive('number of the SMS reserve');
  }

  /** The narrowest first. */
  async drawsOf(lane: Lane, charge: Charge): Promise<Planned[]> {
    // What others have left is no more than a network's share was.
    const refused = lane === 'fresh' && charge.isBeyondShare ? 'network' : 'budget';
    const pool = this.poolDraws(lane, charge).map((draw): Planned => ({ refused, draw }));
    if (lane === 'fresh') return [...(await this.ofNetworks(charge)), ...pool];
    return [{ refused: 'number', draw: this.ownDraw(lane, charge) }, ...pool];
  }

  /** What keeps a number, or all notices together, from taking more of the reserve. */
  private ownDraw(lane: Exclude<Lane, 'fresh'>, { to, price }: Charge): Draw {
    if (lane !== 'notice') return numberDraw(this.digestOf(to), lane);
    return noticeDraw((this.budgetOf(TOTAL)! * this.env.SECURITY_SMS_SHARE) / 100, price);
  }

  private async ofNetworks(charge: Charge): Promise<Planned[]> {
    const isOfMany = charge.isBeyondShare && (await this.history.areOfMany(charge));
    const draws = await this.networkDraws(charge, charge.price);
    return draws.map((draw) => {
      const isOptional = isOfMany && isOfMany[levelOf(draw, charge)];
      return { refused: 'network', draw, isOptional };
    });
  }

  async networkDraws(origin: Origin, price: number): Promise<Draw[]> {
    const shares = await this.networks.sharesOf(origin);
    const budget = this.budgetOf(TOTAL)!;
    return shares
      .filter(([, share]) => share < 1)
      .map(([scope, share]) => networkDraw(scope, budget * share, price));
  }

  private poolDraws(lane: Lane, { country, price, isBeyondShare }: Charge): Draw[] {
    const reserve = this.env.SMS_BUDGET_RESERVE;
    const [total, own] = [this.budgetOf(TOTAL)!, this.budgetOf(country)];
    const ofTotal = drawOf(TOTAL, lane, total, reserve, price);
    const draws = [lane === 'fresh' && isBeyondShare ? aboveQuarter(ofTotal) : ofTotal];
    if (own !== undefined) draws.unshift(drawOf(country, lane, own, reserve, price));
    else if (lane === 'fresh' && String(this.env.SMS_COUNTRIES) !== country) {
      draws.unshift(countryDraw(country, shareOf('fresh', total, reserve), price));
    }
    return draws;
  }

  scopesOf(country: string): string[] {
    return [TOTAL, country].filter((scope) => this.budgetOf(scope) !== undefined);
  }

  /** Millionths. */
  private budgetOf(scope: string): number | undefined {
    const budget = this.env.SMS_BUDGET_DAILY[scope];
    return budget === undefined ? undefined : Math.round(budget * 1e6);
  }

  private digestOf(mobile: E164): string {
    return createHmac('sha256', this.numberKey).update(mobile).digest('base64url').slice(0, 22);
  }
}
