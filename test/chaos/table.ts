import { markdownTable } from '../support/markdown';
import { MACHINE, publish } from '../support/publish';
import type { Measure } from './faults/fault';
import type { Figures } from './figures';

const HEAD = [
  'fault',
  'answers',
  'of them 503',
  'codes asked for again',
  'longest call',
  'well again after',
  'wrong answers',
];

export function tableOf(outcomes: ReadonlyMap<string, Figures>): string {
  const lines = [...outcomes].map(([name, figures]) => [name, ...cellsOf(figures)]);
  return markdownTable(HEAD, lines);
}

function cellsOf({ answered, refused, codesLost, longest, recovery, wrong }: Figures): string[] {
  if (answered === 0) return ['', '', '', '', '', String(wrong.length)];
  return [
    ...[answered, refused, codesLost].map(String),
    ...[longest, recovery].map(seconds),
    String(wrong.length),
  ];
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Replaces the table in the document. */
export async function publishTable(table: string, { milliseconds, kills }: Measure): Promise<void> {
  const measure = `Each fault for ${seconds(milliseconds)}, ${kills} kills.`;
  await publish('reliability.md', 'chaos', `${measure} ${MACHINE}.\n\n${table}`);
}
