import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Clock } from '../common/clock';
import type { ErrorCode } from '../common/errors';

/** The Prometheus metrics. Every label has few values: route patterns, closed unions, provider names. */
@Injectable()
export class MetricsService {
  readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  private readonly logins = this.counter('logins_total', 'Sessions opened.', 'method');
  private readonly refreshes = this.counter(
    'refreshes_total',
    'Access tokens from refresh tokens.',
  );
  private readonly refusals = this.counter('refusals_total', 'Error answers.', 'error_code');
  private readonly connectionsDropped = this.counter(
    'connections_dropped_total',
    'Connections closed unheard because MAX_CONNECTIONS were open.',
  );
  private readonly codesSent = this.counter(
    'codes_sent_total',
    'Attempts to send a code.',
    'provider',
    'outcome',
  );
  private readonly codesChecked = this.counter(
    'codes_checked_total',
    'Codes that callers presented.',
    'outcome',
  );

  private readonly sessionEnds = this.counter('sessions_ended_total', 'Ended sessions.', 'reason');

  private readonly smsPauses = this.counter(
    'sms_pauses_total',
    'Codes for fresh numbers that met a paused prefix or country.',
    'country',
  );
  private readonly smsBudgetAlerts = this.counter(
    'sms_budget_alerts_total',
    'Reports that a share of a budget of the day is spent to 80 or 100 per cent.',
    'scope',
    'share',
    'level',
  );
  private readonly smsBudgetRatio = new Gauge({
    name: 'tandem_sms_budget_used_ratio',
    help: "The part of a day's budget that is spent, as this node last saw it.",
    labelNames: ['scope', 'share'],
    // Of all workers of a node: what the last one to look saw.
    aggregator: 'max',
    registers: [this.registry],
  });

  constructor(clock: Clock) {
    collectDefaultMetrics({ register: this.registry });
    this.registry.registerMetric(clockSkew(clock));
  }

  request(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds);
  }

  login(method: 'code' | 'password'): void {
    this.logins.inc({ method });
  }

  sessionsEnded(reason: string, count: number): void {
    if (count > 0) this.sessionEnds.inc({ reason }, count);
  }

  refresh(): void {
    this.refreshes.inc();
  }

  refusal(errorCode: ErrorCode): void {
    this.refusals.inc({ error_code: errorCode });
  }

  connectionDropped(): void {
    this.connectionsDropped.inc();
  }

  codeSent(provider: string, outcome: 'sent' | 'refused' | 'failed' | 'unknown'): void {
    this.codesSent.inc({ provider, outcome });
  }

  codeChecked(outcome: 'verified' | 'wrong'): void {
    this.codesChecked.inc({ outcome });
  }

  smsPaused(country: string): void {
    this.smsPauses.inc({ country });
  }

  /** @param scope a country, or `*`. @param ratio 1 when it is spent. */
  smsBudgetUsed(scope: string, share: 'total' | 'fresh', ratio: number): void {
    this.smsBudgetRatio.set({ scope, share }, ratio);
  }

  smsBudgetAlert(scope: string, share: 'total' | 'fresh', level: number): void {
    this.smsBudgetAlerts.inc({ scope, share, level });
  }

  private counter<L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name: `tandem_${name}`, help, labelNames, registers: [this.registry] });
  }
}

/** Seconds, at the moment of the reading. */
const clockSkew = (clock: Clock) =>
  new Gauge({
    name: 'tandem_clock_skew_seconds',
    help: "How far this node's own clock is ahead of that of the database.",
    // All workers of a node have one clock.
    aggregator: 'average',
    registers: [],
    collect() {
      this.set(clock.skew / 1000);
    },
  });
