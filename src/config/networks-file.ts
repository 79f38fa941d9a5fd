import { readFileSync } from 'node:fs';
import { parseNetwork } from '../common/network';
import { blockOf, Networks, type Operated } from '../common/networks';
import type { Env } from './env';
import { EnvError } from './load-env';

const NOTHING = /^\s*(#|$)/;
const LINE = /^\s*(\S+)\s+(\S.*?)\s*$/;
/** What logs and terminals show as it is. */
const NAME = /^\P{C}{1,48}$/u;

/**
 * The networks of callers, refined by `NETWORKS_FILE`: on each line a block and the name of its operator, like
 * `203.0.112.0/20 Example Mobile`, or a comment that begins with `#`. Of blocks in blocks the narrowest counts.
 *
 * @throws EnvError that names every problem at once.
 */
export function networksBy({ NETWORKS_FILE: file }: Env): Networks {
  const operated = new Map<string, Operated>();
  const problems: string[] = [];
  for (const [index, line] of (file ? read(file) : '').split('\n').entries()) {
    const problem = NOTHING.test(line) ? undefined : add(line, operated);
    if (problem) problems.push(`line ${index + 1} of NETWORKS_FILE ${problem}`);
  }
  if (problems.length > 0) throw new EnvError(problems);
  return new Networks([...operated.values()]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new EnvError([`NETWORKS_FILE cannot be read: ${(error as Error).message}`]);
  }
}

/** @returns what is wrong with the line. */
function add(line: string, operated: Map<string, Operated>): string | undefined {
  const [, text = '', operator = ''] = LINE.exec(line) ?? [];
  const network = parseNetwork(text);
  if (!network) return 'must be a block and its operator: 203.0.112.0/20 Example Mobile';
  if (!NAME.test(operator)) return 'must name the operator in 48 characters';
  const block = blockOf(...network);
  if (operated.has(block)) return `names ${block} again`;
  operated.set(block, { network, operator });
  return undefined;
}
