import { Injectable, Optional } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { deadline } from '../common/deadline';
import { MetricsService } from '../observability/metrics.service';
import { RevocationListService } from '../sessions/revocation-list.service';
import { DatabaseService } from '../storage/database.service';
import { RedisHealthService } from '../storage/redis-health.service';
import { DrainService } from './drain.service';

const PING_TIMEOUT_MS = 1000;
/** Milliseconds without word of logouts elsewhere. */
const MAX_REVOCATION_AGE_MS = 10_000;

/** Whether requests should be sent to this node: what `/health/ready` answers, and metrics tell. */
@Injectable()
export class ReadinessService {
  private pinging?: Promise<boolean>;

  constructor(
    private readonly database: DatabaseService,
    { registry }: MetricsService,
    private readonly redis: RedisHealthService,
    private readonly revocations: RevocationListService,
    /** The server's: how a host application ends is its own affair. */
    @Optional() private readonly drain?: DrainService,
  ) {
    for (const gauge of this.gauges()) registry.registerMetric(gauge);
  }

  async isReady(): Promise<boolean> {
    const isBlind = this.revocations.age > MAX_REVOCATION_AGE_MS;
    const isMissingRedis = this.redis.health.status === 'missing';
    if (isBlind || isMissingRedis || this.drain?.isDraining) return false;
    return this.isDatabaseUp();
  }

  /** One question at a time, for all who ask meanwhile: a scrape asks twice. */
  private isDatabaseUp(): Promise<boolean> {
    this.pinging ??= this.ping().finally(() => (this.pinging = undefined));
    return this.pinging;
  }

  private ping(): Promise<boolean> {
    return new Promise((resolve) => {
      const settled = deadline(PING_TIMEOUT_MS, () => resolve(false));
      const answered = (isUp: boolean) => {
        settled();
        resolve(isUp);
      };
      this.database.ping().then(
        () => answered(true),
        () => answered(false),
      );
    });
  }

  private gauges(): Gauge[] {
    return [
      gaugeOf('ready', 'Whether /health/ready answers 200.', 'min', async () =>
        Number(await this.isReady()),
      ),
      gaugeOf('database_up', 'Whether SQL answers.', 'min', async () =>
        Number(await this.isDatabaseUp()),
      ),
      gaugeOf(
        'revocation_list_age_seconds',
        'Time since this node last knew all sessions that ended.',
        'max',
        // Infinity does not pass from one worker to another.
        () => Math.min(this.revocations.age / 1000, process.uptime()),
      ),
    ];
  }
}

/** @param aggregator of all workers of a node. @param read at the moment of the reading. */
function gaugeOf(
  name: string,
  help: string,
  aggregator: 'min' | 'max',
  read: () => number | Promise<number>,
): Gauge {
  return new Gauge({
    name: `tandem_${name}`,
    help,
    aggregator,
    registers: [],
    async collect() {
      this.set(await read());
    },
  });
}
