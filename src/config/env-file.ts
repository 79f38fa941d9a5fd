import { isUtf8 } from 'node:buffer';

export interface EnvFile {
  readonly values: ReadonlyMap<string, string>;
  /** Each a sentence that names the line. */
  readonly problems: string[];
}

const BOM = /^\uFEFF/;
const LINE_END = /\r\n|\n|\r/;
const NOTHING = /^\s*(#|$)/;
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/;
const OPENED = /^\s*["'`]/;
const QUOTED = /^\s*(["'`])((?:(?!\1).)*)\1\s*(?:#.*)?$/;
const COMMENT = /\s#.*$/;

/**
 * Lines of `NAME=value`. What readers of such files take for different things is refused, rather than cut or left out: a secret
 * that ends at its `#` is short, and a server whose first line is lost may not know that it is in production.
 */
export function parseEnvFile(bytes: Buffer): EnvFile {
  const values = new Map<string, string>();
  if (!isUtf8(bytes) || bytes.includes(0)) {
    return { values, problems: ['.env is not UTF-8 text: save it as UTF-8'] };
  }
  const problems: string[] = [];
  for (const [index, line] of bytes.toString().replace(BOM, '').split(LINE_END).entries()) {
    if (NOTHING.test(line)) continue;
    const problem = readLine(line, values);
    if (problem) problems.push(`line ${index + 1} of .env ${problem}`);
  }
  return { values, problems };
}

/** @returns what is wrong with it. No problem shows a value, which may be a secret. */
function readLine(line: string, values: Map<string, string>): string | undefined {
  const [, name, text] = ASSIGNMENT.exec(line) ?? [];
  if (name === undefined || text === undefined) return 'is not NAME=value: begin comments with #';
  if (values.has(name)) return `sets ${name} again: leave one of the two`;
  const value = valueOf(text);
  values.set(name, value ?? '');
  if (value !== undefined) return undefined;
  return OPENED.test(text)
    ? `begins ${name} with a quote that does not end it: quote the whole value, on one line`
    : `has a # in ${name}, where some begin a comment: put the value in quotes`;
}

function valueOf(text: string): string | undefined {
  const [, quote, quoted] = QUOTED.exec(text) ?? [];
  if (quoted !== undefined) return quote === '"' ? quoted.replaceAll('\\n', '\n') : quoted;
  if (OPENED.test(text)) return undefined;
  const value = text.replace(COMMENT, '').trim();
  return value.includes('#') ? undefined : value;
}
