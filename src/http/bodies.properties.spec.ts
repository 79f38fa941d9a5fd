import * as fc from 'fast-check';
import { FUZZ_SEED, FUZZES_FULLY } from '../../test/support/scale';
import { ApiException } from '../common/errors';
import { parseFormBody } from './form-body';
import { parseJsonBody } from './json-body';

const RUNS = { numRuns: FUZZES_FULLY ? 20_000 : 500, seed: FUZZ_SEED };

/** JSON as it may be written: an object is its entries, so that a key can come twice. */
type Json = { entries: [key: string, value: Json][] } | { items: Json[] } | { text: string };

const key = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.constantFrom('a', 'b', '__proto__', 'constructor'),
);
const { json } = fc.letrec<{ json: Json; object: Json; array: Json; scalar: Json }>((tie) => ({
  json: fc.oneof({ maxDepth: 9 }, tie('scalar'), tie('object'), tie('array')),
  object: fc.record({ entries: fc.array(fc.tuple(key, tie('json')), { maxLength: 3 }) }),
  array: fc.record({ items: fc.array(tie('json'), { maxLength: 3 }) }),
  scalar: fc.record({
    text: fc
      .oneof(fc.string(), fc.double(), fc.constantFrom(null, true))
      .map((one) => JSON.stringify(one)),
  }),
}));
const spaces = fc.constantFrom('', ' ', '\n', '\t ');

/** With escapes in every key, for which a parser by text would not know it again. */
function write(value: Json, space: string, escapes: boolean): string {
  if ('text' in value) return value.text;
  if ('items' in value) return `[${value.items.map((item) => write(item, space, escapes)).join()}]`;
  const entries = value.entries.map(([name, inner]) => {
    const spelled = escapes ? `"${escapeAll(name)}"` : JSON.stringify(name);
    return space + spelled + space + ':' + space + write(inner, space, escapes);
  });
  return `{${entries.join()}${space}}`;
}

const escapeAll = (text: string) =>
  Array.from(
    { length: text.length },
    (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');

/** Whether JSON parsers agree about it, and no key reaches for a prototype. */
function isPlain(value: Json, depth = 1): boolean {
  if ('text' in value) return true;
  if (depth > 8) return false;
  if ('items' in value) return value.items.every((item) => isPlain(item, depth + 1));
  const names = value.entries.map(([name]) => name);
  const isSafe = names.every((name) => !(name in Object.prototype));
  return (
    isSafe &&
    new Set(names).size === names.length &&
    value.entries.every(([, inner]) => isPlain(inner, depth + 1))
  );
}

function outcomeOf<T>(parse: () => T): T | 'refused' {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ApiException && error.errorCode === 'VALIDATION_FAILED') return 'refused';
    throw error;
  }
}

describe('any body', () => {
  it('in JSON is read as JSON.parse does when it is a plain object, and refused otherwise', () => {
    fc.assert(
      fc.property(json, spaces, fc.boolean(), (value, space, escapes) => {
        const text = write(value, space, escapes);
        const expected = 'entries' in value && isPlain(value) ? JSON.parse(text) : 'refused';
        expect(outcomeOf(() => parseJsonBody(Buffer.from(text)))).toEqual(expected);
      }),
      RUNS,
    );
  });

  it('of any bytes is refused as malformed, or what JSON.parse makes of it', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1 }),
      fc.tuple(json, fc.nat(), fc.nat(255)).map(([value, at, byte]) => {
        const written = Buffer.from(write(value, '', false));
        written[at % written.length] = byte;
        return written;
      }),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        const outcome = outcomeOf(() => parseJsonBody(Buffer.from(body)));
        if (outcome !== 'refused')
          expect(outcome).toEqual(JSON.parse(Buffer.from(body).toString()));
      }),
      RUNS,
    );
  });

  it('as a form is read for what it is asked for, unless something is given twice', () => {
    const pairs = fc.array(
      fc.tuple(
        fc.constantFrom('token', 'a', '__proto__', 'x y', 'é'),
        fc.string({ unit: 'binary' }),
      ),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(pairs, (given) => {
        const names = given.map(([name]) => name);
        const wanted = given.filter(([name]) => ['token', 'a'].includes(name));
        const expected =
          new Set(names).size < names.length ? 'refused' : Object.fromEntries(wanted);
        const body = Buffer.from(String(new URLSearchParams(given)));
        expect(outcomeOf(() => parseFormBody(body, ['token', 'a']))).toEqual(expected);
      }),
      RUNS,
    );
  });
});
