import { arch, cpus, platform } from 'node:os';
import { markdownTable } from '../test/support/markdown';
import type { Sample } from './load';
import { median } from './rank-tests';
import type { Outcome, Plan } from './rounds';

/** What `--json` writes: medians of the rounds. Fields that nobody could measure are missing. */
export interface Report {
  readonly date: string;
  readonly machine: { cpu: string; cores: number; system: string; node: string };
  readonly plan: Plan;
  readonly figures: Figure[];
  /** Milliseconds until the first answer, by mode. */
  readonly starts?: Record<string, number>;
  /** Why contestants did not take part. */
  readonly missing: string[];
}

export interface Figure extends Partial<Sample> {
  readonly scenario: string;
  readonly contestant: string;
}

const MEASURES = ['requestsPerSecond', 'p50', 'p99', 'cpuPerRequest'] as const;
const HEAD = ['', 'server', 'req/s', 'p50 ms', 'p99 ms', 'CPU µs', 'of the limit', 'Tandem is'];

export function reportOf(
  outcomes: Outcome[],
  plan: Plan,
  rest: Pick<Report, 'starts' | 'missing'>,
): Report {
  const processors = cpus();
  const machine = {
    cpu: processors[0]!.model.trim(),
    cores: processors.length,
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
  };
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine, plan, figures: outcomes.map(figureOf), ...rest };
}

/** As Markdown, for people. */
export function textOf({ date, machine, plan, figures, starts, missing }: Report): string {
  const { cpu, cores, system, node } = machine;
  const lines = figures.map((figure) => cellsOf(figure, figures));
  return [
    `${date}, ${cpu}, ${cores} cores for everything, ${system}, Node ${node}. ` +
      `${plan.rounds} rounds of ${plan.seconds} s, ${plan.connections} connections.`,
    markdownTable(HEAD, lines),
    ...Object.entries(starts ?? {}).map(
      ([mode, time]) => `First answer of a start (${mode}): ${time.toFixed(0)} ms.`,
    ),
    ...missing.map((reason) => `Not measured: ${reason}.`),
  ].join('\n\n');
}

function figureOf({ scenario, contestant, samples }: Outcome): Figure {
  const measured = MEASURES.flatMap((measure) => {
    const values = samples.map((sample) => sample[measure]).filter((value) => value !== undefined);
    return values.length > 0 ? [[measure, median(values)] as const] : [];
  });
  return { scenario, contestant, ...Object.fromEntries(measured) };
}

function cellsOf(figure: Figure, all: Figure[]): string[] {
  const { scenario, contestant, requestsPerSecond: rate, p50, p99, cpuPerRequest } = figure;
  const rateOf = (name: string) =>
    all.find((other) => other.scenario === scenario && other.contestant === name)
      ?.requestsPerSecond;
  return [
    scenario,
    contestant,
    shown(rate),
    shown(p50, 1),
    shown(p99, 1),
    shown(cpuPerRequest),
    contestant === 'limit'
      ? ''
      : ratio(rate, rateOf('limit'), (share) => `${(share * 100).toFixed(0)} %`),
    contestant === 'tandem'
      ? ''
      : ratio(rateOf('tandem'), rate, (times) => `${times.toFixed(1)} ×`),
  ];
}

const shown = (value: number | undefined, digits = 0) => value?.toFixed(digits) ?? '–';

function ratio(
  one: number | undefined,
  other: number | undefined,
  format: (ratio: number) => string,
): string {
  return one === undefined || other === undefined ? '–' : format(one / other);
}
