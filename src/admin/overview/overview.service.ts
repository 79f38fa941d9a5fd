import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock';
import type { OverviewDto, Range } from '../dto/overview.dto';
import { PausesService } from '../pauses.service';
import { ActivityCountsService } from './activity-counts.service';
import { AlertsService } from './alerts.service';
import { BudgetsService } from './budgets.service';
import { NodesReportService } from './nodes-report.service';
import { RefusalCountsService } from './refusal-counts.service';
import { type Span, spanOf } from './span';

/** The longer the range, the longer it takes to count, and the less it changes. */
const KEPT_MS: Record<Range, number> = { '1h': 5_000, '24h': 30_000, '30d': 600_000 };

interface Kept {
  readonly until: number;
  readonly answer: Promise<OverviewDto>;
}

/** Counts once for all who look meanwhile. */
@Injectable()
export class OverviewService {
  private readonly kept = new Map<Range, Kept>();

  constructor(
    private readonly activity: ActivityCountsService,
    private readonly alerts: AlertsService,
    private readonly budgets: BudgetsService,
    private readonly clock: Clock,
    private readonly nodes: NodesReportService,
    private readonly pauses: PausesService,
    private readonly refusals: RefusalCountsService,
  ) {}

  of(range: Range): Promise<OverviewDto> {
    const now = this.clock.elapsed();
    const kept = this.kept.get(range);
    if (kept && now < kept.until) return kept.answer;
    const answer = this.count(range, spanOf(range, this.clock.now()));
    this.kept.set(range, { until: now + KEPT_MS[range], answer });
    answer.catch(() => this.kept.delete(range));
    return answer;
  }

  private async count(range: Range, span: Span): Promise<OverviewDto> {
    const [steps, delivered, refusals, attacks, watched, pauses, nodes, jobs] = await Promise.all([
      this.activity.steps(span),
      this.activity.timesToDelivered(span),
      this.refusals.byReason(span),
      this.refusals.networks(span.until),
      this.budgets.today(span.until),
      this.pauses.list(),
      this.nodes.nodes(span.until),
      this.nodes.jobs(),
    ]);
    return {
      range,
      at: new Date(span.until),
      steps,
      delivered_median: secondsAt(0.5, delivered),
      delivered_p95: secondsAt(0.95, delivered),
      refusals,
      budgets: watched.map(({ budget }) => budget),
      pauses,
      attacks,
      alerts: await this.alerts.list(nodes, watched),
      nodes,
      jobs,
    };
  }
}

/** @param times ascending. */
function secondsAt(share: number, times: number[]): number | null {
  const time = times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return time === undefined ? null : time / 1000;
}
