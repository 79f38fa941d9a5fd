import type { Metric } from 'prom-client';

const NAME = 'http_request_duration_seconds';
/** Upper bounds of the buckets, in seconds; what takes longer is in one more. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const STATUSES = 600;

interface Series {
  /** Requests by bucket, each in one. */
  readonly counts: Float64Array;
  /** Seconds of all of them. */
  sum: number;
}

/** By status. */
type Statuses = (Series | undefined)[];

interface Value {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly value: number;
}

/**
 * A histogram as prom-client exports it, whose counts lie in flat arrays by route, method and status. Its own would put
 * the labels of every request together to a text and look that up: ten times as much work.
 */
export class RequestDurations {
  readonly name = NAME;
  private readonly help = 'Time from the arrival of a request to the end of its answer.';
  /** By the pattern of the route, then by method: both have few values. */
  private readonly routes = new Map<string, Map<string, Statuses>>();

  /** As a registry takes it. */
  get metric(): Metric {
    return this as unknown as Metric;
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    const series = this.seriesOf(method, route, status);
    let bucket = 0;
    while (seconds > BOUNDS[bucket]!) bucket++;
    series.counts[bucket]! += 1;
    series.sum += seconds;
  }

  /** For registries: buckets count what the ones before count, too. */
  async get() {
    const { name, help } = this;
    return { name, help, type: 'histogram', aggregator: 'sum', values: this.values() };
  }

  reset(): void {
    this.routes.clear();
  }

  private seriesOf(method: string, route: string, status: number): Series {
    let methods = this.routes.get(route);
    if (!methods) this.routes.set(route, (methods = new Map()));
    let statuses = methods.get(method);
    if (!statuses) methods.set(method, (statuses = Array.from({ length: STATUSES })));
    return (statuses[status] ??= { counts: new Float64Array(BOUNDS.length + 1), sum: 0 });
  }

  private values(): Value[] {
    return [...this.routes].flatMap(([route, methods]) =>
      [...methods].flatMap(([method, statuses]) =>
        statuses.flatMap((series, status) =>
          series ? valuesOf(series, { method, route, status }) : [],
        ),
      ),
    );
  }
}

function valuesOf({ counts, sum }: Series, labels: Value['labels']): Value[] {
  let count = 0;
  const buckets = [...BOUNDS, '+Inf'].map((le, bucket) => {
    count += counts[bucket]!;
    return { metricName: `${NAME}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels, value: sum },
    { metricName: `${NAME}_count`, labels, value: count },
  ];
}
