import { arch, cpus, platform } from 'node:os';
import { markdownTable } from '../test/support/markdown';
import type { Comparison } from './compare';
import { GOALS, judgeChange, judgeGoal } from './goals';
import type { Sample } from './load';
import type { Outcome } from './pairs';
import { estimate, type Estimate, median } from './statistics';

/** What `--json` writes. Fields that nobody could measure are missing. */
export interface Report {
  readonly date: string;
  readonly machine: { cpu: string; cores: number; system: string; node: string };
  readonly plan: Comparison;
  readonly figures: Figure[];
  /** Milliseconds until the first answer, by mode. */
  readonly startTimes?: Record<string, number>;
  /** Why contestants did not take part. */
  readonly missing: string[];
}

export interface Figure {
  readonly scenario: string;
  readonly contestant: string;
  /** Microseconds a request. */
  readonly cpu?: Estimate;
  /** Its CPU in that of the first contestant; where nobody counts CPU, their times. */
  readonly ratio?: Estimate;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export function reportOf(
  starts: Outcome[][],
  plan: Comparison,
  rest: Pick<Report, 'startTimes' | 'missing'>,
): Report {
  const processors = cpus();
  const machine = {
    cpu: processors[0]!.model.trim(),
    cores: processors.length,
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
  };
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine, plan, figures: figuresOf(starts), ...rest };
}

const HEAD = ['', 'server', 'CPU µs', 'of the first', '', 'req/s', 'p50 ms', 'p99 ms'];

/** As Markdown, for people. */
export function textOf({ date, machine, plan, figures, startTimes, missing }: Report): string {
  const { cpu, cores, system, node } = machine;
  return [
    `${date}, ${cpu}, ${cores} cores for everything, ${system}, Node ${node}. ` +
      `${plan.starts} starts of ${plan.pairs} pairs of runs of ${plan.seconds} s, ${plan.connections} connections.`,
    markdownTable(
      HEAD,
      figures.map((figure) => cellsOf(figure, figures)),
    ),
    ...Object.entries(startTimes ?? {}).map(
      ([mode, time]) => `First answer of a start (${mode}): ${time.toFixed(0)} ms.`,
    ),
    ...missing.map((reason) => `Not measured: ${reason}.`),
  ].join('\n\n');
}

/** By scenario, in the order in which they were measured. */
function figuresOf(starts: Outcome[][]): Figure[] {
  return starts[0]!.map(({ scenario, contestant }) =>
    figureOf(
      starts.flatMap((outcomes) =>
        outcomes.filter((one) => one.scenario === scenario && one.contestant === contestant),
      ),
    ),
  );
}

/** @param outcomes of one contestant in one scenario, by start. */
function figureOf(outcomes: Outcome[]): Figure {
  const { scenario, contestant } = outcomes[0]!;
  const samples = outcomes.flatMap((outcome) => outcome.samples);
  const cpu = outcomes.map((outcome) =>
    outcome.samples.flatMap(({ cpuPerRequest: own }) => own ?? []),
  );
  const ratios = outcomes.map(({ pairs }) =>
    pairs.map(([first, own]) => costOf(own) / costOf(first)),
  );
  const middle = (measure: 'requestsPerSecond' | 'p50' | 'p99') =>
    median(samples.map((sample) => sample[measure]));
  return {
    scenario,
    contestant,
    ...(cpu.flat().length > 0 && { cpu: estimate(cpu) }),
    ...(ratios.flat().length > 0 && { ratio: estimate(ratios) }),
    requestsPerSecond: middle('requestsPerSecond'),
    p50: middle('p50'),
    p99: middle('p99'),
  };
}

const costOf = ({ cpuPerRequest, requestsPerSecond }: Sample) =>
  cpuPerRequest ?? 1e6 / requestsPerSecond;

function cellsOf(figure: Figure, all: Figure[]): string[] {
  const { scenario, contestant, cpu, ratio, requestsPerSecond, p50, p99 } = figure;
  return [
    scenario,
    contestant,
    shown(cpu, 0),
    shown(ratio, 2),
    judgementOf(figure, all),
    requestsPerSecond.toFixed(0),
    p50.toFixed(1),
    p99.toFixed(1),
  ];
}

function shown(value: Estimate | undefined, digits: number): string {
  if (!value) return '–';
  const [middle, low, high] = [value.median, value.low, value.high].map((one) =>
    one.toFixed(digits),
  );
  return `${middle} [${low}, ${high}]`;
}

/** Of the limit, and of Tandem alone, whether its goal is met; of another Tandem, whether it differs. */
function judgementOf({ scenario, contestant, cpu, ratio }: Figure, all: Figure[]): string {
  const goal = GOALS[scenario];
  if (contestant === 'limit' && ratio && goal && 'share' in goal)
    return `≥ ${goal.share}: ${judgeGoal(goal, ratio)}`;
  if (contestant === 'tandem' && cpu && goal && 'microseconds' in goal)
    return `≤ ${goal.microseconds} µs: ${judgeGoal(goal, cpu)}`;
  const isAgainst = all[0]!.contestant === 'base';
  return isAgainst && ratio ? judgeChange(ratio) : '';
}
