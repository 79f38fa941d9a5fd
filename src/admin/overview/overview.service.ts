import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock';
import { type OverviewDto, type Range, RANGES } from '../dto/overview.dto';
import { PausesService } from '../pauses.service';
import { ActivityCountsService } from './activity-counts.service';
import { AlertsService } from './alerts.service';
import { BudgetsService } from './budgets.service';
import { Kept } from './kept';
import { NodesReportService } from './nodes-report.service';
import { RefusalCountsService } from './refusal-counts.service';
import { spanOf } from './span';

/** The longer the range, the longer it takes to count, and the less it changes. */
const COUNTED_MS: Record<Range, number> = { '1h': 5_000, '24h': 30_000, '30d': 600_000 };
/** How things stand is told while it is so. */
const STATE_MS = 5_000;

type Counts = Pick<OverviewDto, 'at' | 'steps' | 'delivered_median' | 'delivered_p95' | 'refusals'>;
type State = Omit<OverviewDto, keyof Counts | 'range'>;

/** What was done in a range, and how things stand now. */
@Injectable()
export class OverviewService {
  private readonly counts: ReadonlyMap<Range, Kept<Counts>>;
  private readonly state: Kept<State>;

  constructor(
    private readonly activity: ActivityCountsService,
    private readonly alerts: AlertsService,
    private readonly budgets: BudgetsService,
    private readonly clock: Clock,
    private readonly nodes: NodesReportService,
    private readonly pauses: PausesService,
    private readonly refusals: RefusalCountsService,
  ) {
    this.counts = new Map(
      RANGES.map((range) => [range, new Kept(clock, COUNTED_MS[range], () => this.count(range))]),
    );
    this.state = new Kept(clock, STATE_MS, () => this.look());
  }

  async of(range: Range): Promise<OverviewDto> {
    const [counts, state] = await Promise.all([this.counts.get(range)!.get(), this.state.get()]);
    return { range, ...counts, ...state };
  }

  private async count(range: Range): Promise<Counts> {
    const span = spanOf(range, this.clock.now());
    const [steps, delivered, refusals] = await Promise.all([
      this.activity.steps(span),
      this.activity.timesToDelivered(span),
      this.refusals.byReason(span),
    ]);
    return {
      at: new Date(span.until),
      steps,
      delivered_median: secondsAt(0.5, delivered),
      delivered_p95: secondsAt(0.95, delivered),
      refusals,
    };
  }

  private async look(): Promise<State> {
    const now = this.clock.now();
    const [attacks, watched, pauses, nodes, jobs] = await Promise.all([
      this.refusals.networks(now),
      this.budgets.today(now),
      this.pauses.list(),
      this.nodes.nodes(now),
      this.nodes.jobs(),
    ]);
    const alerts = await this.alerts.list(nodes, watched, now);
    return {
      budgets: watched.map(({ budget }) => budget),
      pauses,
      attacks,
      alerts,
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
