import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { NumberRefsService } from '../audit/number-refs.service';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import type { ProviderName } from '../config/sms-env';
import { namedProviders, routeOf } from '../config/sms-settings';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, join, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { PricesService } from './prices.service';
import { firstOf, ranked, type Ranking } from './route-votes';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const RANKING_MS = 5 * MINUTE_MS;
/** Younger codes may still be used. */
const SETTLED_MS = 10 * MINUTE_MS;
/** The newest messages that a ranking looks at. */
const MAX_MESSAGES = 10_000;
/** The newest messages to a number of which none needs another provider. */
const MAX_EARLIER = 10;

/** What a route is asked for. */
interface Asked {
  readonly to: E164;
  readonly country: string;
  readonly challengeId: string;
  /** Whether the challenge had a message before. */
  readonly isResend: boolean;
}

interface Earlier {
  readonly challenge_id: string;
  readonly provider: ProviderName;
  readonly receipt: string | null;
}

interface Message {
  readonly challenge_id: string;
  readonly country: string;
  readonly provider: ProviderName;
  readonly number_ref: string;
  readonly network: string | null;
  readonly verified_at: Integer | null;
}

/** In which order the providers of a country are tried, whoever is written to. */
export interface RouteOrder {
  readonly providers: readonly ProviderName[];
  readonly configured: readonly ProviderName[];
  /** Which share of their codes was used, of those that enough numbers have voted on. */
  readonly used: ReadonlyMap<ProviderName, number>;
}

/** In which order the providers of a country are tried. */
@Injectable()
export class SmsRoutesService {
  private readonly deliveries: Sql;
  private ranking: Ranking = new Map();

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly numbers: NumberRefsService,
    private readonly prices: PricesService,
    jobs: BackgroundJobsService,
  ) {
    this.deliveries = nameIn(dataSource, 'sms_deliveries');
    if (!env.SMS_ROUTE_RANKING || namedProviders(env).length < 2) return;
    jobs.every('ranking of SMS routes', RANKING_MS, () => this.rank());
  }

  /** As configured, but for whose codes are used more; last those that did not reach this number. */
  async routeTo(asked: Asked): Promise<readonly ProviderName[]> {
    const { providers } = this.orderIn(asked.country);
    if (providers.length < 2) return providers;
    const doubtful = await this.doubtfulFor(asked);
    return providers.toSorted((one, other) => doubtful.indexOf(one) - doubtful.indexOf(other));
  }

  /** As configured, but for whose codes are used more. */
  orderIn(country: string): RouteOrder {
    const configured = routeOf(country, this.env);
    const used = this.ranking.get(country) ?? new Map<ProviderName, number>();
    const first = firstOf(configured, used, (name) => this.prices.of(name, country));
    const isFirst = (name: ProviderName) => Number(name === first);
    const providers = configured.toSorted((one, other) => isFirst(other) - isFirst(one));
    return { providers, configured, used };
  }

  /** Where messages to known numbers were sent within a day. */
  get rankedCountries(): string[] {
    return [...this.ranking.keys()];
  }

  /** Counts anew whose codes were used within a day. */
  async rank(): Promise<void> {
    const [since, until] = [DAY_MS, SETTLED_MS].map((age) => this.clock.now() - age);
    const rows = await select(
      this.dataSource,
      rowsOf<Message>(sql`SELECT challenge_id, country, provider, number_ref, network, verified_at
        FROM ${this.deliveries} WHERE created_at > ${since!} AND created_at < ${until!}
        AND audience IN ('device', 'home') AND outcome = 'sent' AND number_ref IS NOT NULL
        ORDER BY created_at DESC LIMIT ${MAX_MESSAGES}`),
    );
    this.ranking = ranked(
      rows.map((row) => ({
        challengeId: row.challenge_id,
        country: row.country,
        provider: row.provider,
        numberRef: row.number_ref,
        network: row.network ?? '',
        isUsed: row.verified_at !== null,
      })),
    );
  }

  /** The providers that may not reach a number, the most doubtful last. */
  private async doubtfulFor({ to, challengeId, isResend }: Asked): Promise<ProviderName[]> {
    if (!isResend && !this.env.SMS_RECEIPTS) return [];
    const earlier = await this.earlierTo(to);
    const newest = [...new Map(earlier.toReversed().map((one) => [one.provider, one])).values()];
    const failed = newest.filter(({ receipt }) => receipt === 'failed');
    const last = earlier.find(({ challenge_id }) => challenge_id === challengeId);
    const doubtful = [...(last ? [last] : []), ...failed].map(({ provider }) => provider);
    return [...new Set(doubtful)];
  }

  /** The newest first. */
  private earlierTo(mobile: E164): Promise<Earlier[]> {
    const since = this.clock.now() - DAY_MS;
    return select(
      this.dataSource,
      rowsOf<Earlier>(sql`SELECT challenge_id, provider, receipt FROM ${this.deliveries}
        WHERE number_ref IN (${join(this.numbers.refsOf(mobile))}) AND created_at > ${since}
        ORDER BY created_at DESC, id DESC LIMIT ${MAX_EARLIER}`),
    );
  }
}
