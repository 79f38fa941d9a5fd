import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { Clock } from '../common/clock';
import type { ErrorCode } from '../common/errors';
import { RequestDurations } from './request-durations';

/** The Prometheus metrics. Every label has few values: route patterns, closed unions, provider names. */
@Injectable()
export class MetricsService {
  readonly registry = new Registry();

  private readonly requests = new RequestDurations();
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
  private readonly noticesSent = this.counter(
    'security_messages_total',
    'Messages of security notices: sent, refused for good, beyond the quota of a number, or given up after an hour.',
    'outcome',
  );
  private readonly codesChecked = this.counter(
    'codes_checked_total',
    'Codes that callers presented.',
    'outcome',
  );
  private readonly captchasSolved = this.counter(
    'captchas_solved_total',
    'Answers to captchas that were taken.',
    'difficulty',
  );
  private readonly guessesSuspected = this.counter(
    'guesses_suspected_total',
    'Codes presented without handle or device while many numbers are guessed at.',
  );
  private readonly sessionEnds = this.counter('sessions_ended_total', 'Ended sessions.', 'reason');

  private readonly smsPaces = this.counter(
    'sms_paced_total',
    'Messages that waited for their turn at a throttled account.',
    'provider',
    'outcome',
  );
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

  private readonly smsBreakers = new Gauge({
    name: 'tandem_sms_breaker_open',
    help: 'Whether messages of a country are kept from a provider that fails, as this node sees it.',
    labelNames: ['provider', 'country'],
    aggregator: 'max',
    registers: [this.registry],
  });

  constructor(clock: Clock) {
    collectDefaultMetrics({ register: this.registry });
    this.registry.registerMetric(this.requests.metric);
    this.registry.registerMetric(clockSkew(clock));
  }

  request(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe(method, route, status, seconds);
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

  noticeSent(outcome: 'sent' | 'refused' | 'limited' | 'failed'): void {
    this.noticesSent.inc({ outcome });
  }

  codeChecked(outcome: 'verified' | 'wrong'): void {
    this.codesChecked.inc({ outcome });
  }

  captchaSolved(difficulty: number): void {
    this.captchasSolved.inc({ difficulty });
  }

  smsPaced(provider: string, outcome: 'sent' | 'refused'): void {
    this.smsPaces.inc({ provider, outcome });
  }

  guessSuspected(): void {
    this.guessesSuspected.inc();
  }

  smsPaused(country: string): void {
    this.smsPauses.inc({ country });
  }

  /** @param scope a country, or `*`. @param ratio 1 when it is spent. */
  smsBudgetUsed(scope: string, share: 'total' | 'fresh', ratio: number): void {
    this.smsBudgetRatio.set({ scope, share }, ratio);
  }

  smsBreaker(provider: string, country: string, isOpen: boolean): void {
    this.smsBreakers.set({ provider, country }, Number(isOpen));
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
