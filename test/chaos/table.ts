import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Measure } from './faults/fault';
import type { Figures } from './figures';

const DOCUMENT = resolve(__dirname, '../../docs/reliability.md');
const BLOCK = /(<!-- npm run chaos -->\n)[\s\S]*(<!-- end -->)/;

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
  return [HEAD, HEAD.map((_, column) => (column === 0 ? '---' : '--:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
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
export async function publish(table: string, { milliseconds, kills }: Measure): Promise<void> {
  const measure = `Each fault for ${seconds(milliseconds)}, ${kills} kills.`;
  const machine = `Node ${process.versions.node}, ${availableParallelism()} cores for everything.`;
  const text = readFileSync(DOCUMENT, 'utf8');
  const updated = text.replace(BLOCK, `$1\n${measure} ${machine}\n\n${table}\n\n$2`);
  const style = await resolveConfig(DOCUMENT);
  writeFileSync(DOCUMENT, await format(updated, { ...style, filepath: DOCUMENT }));
}
