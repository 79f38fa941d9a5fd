import {
  array,
  assert,
  constantFrom,
  double,
  oneof,
  property,
  record,
  string,
  tuple,
} from 'fast-check';
import { CsvReader } from './csv.reader';
import { JsonArrayReader } from './json-array.reader';
import { JsonLinesReader } from './json-lines.reader';
import type { RawRecord, RecordReader } from './record-reader';

const text = string({ unit: 'grapheme', minLength: 1 });
const tricky = oneof(text, constantFrom('"', '\\"', '{', '}]', 'a,b', 'x\ny', '\\', '""'));
const users = array(record({ mobile: tricky, name: tricky, deep: array(record({ a: tricky })) }), {
  minLength: 1,
  maxLength: 5,
});
const rows = array(tuple(tricky, tricky), { minLength: 1, maxLength: 5 });
/** Where the text is cut, as shares of it. */
const cuts = array(double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

function readIn(reader: RecordReader, whole: string, at: readonly number[]): RawRecord[] {
  const places = [0, ...at.map((share) => Math.floor(share * whole.length)), whole.length];
  const sorted = places.toSorted((one, other) => one - other);
  const pieces = sorted.slice(1).map((end, index) => whole.slice(sorted[index], end));
  return [...pieces.flatMap((piece) => [...reader.read(piece)]), ...reader.end()];
}

const endless = (reader: RecordReader, beginning: string) => () => {
  for (const piece of [beginning, ...Array<string>(20).fill('x'.repeat(100_000))]) {
    for (const _ of reader.read(piece));
  }
};

const fields = (records: RawRecord[]) =>
  records.map((one) => ('fields' in one ? one.fields : one.problem));

const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;

describe('a file of records', () => {
  it('is read alike however it is cut: one object a line', () => {
    assert(
      property(users, cuts, (list, at) => {
        const whole = list.map((user) => JSON.stringify(user)).join('\n\n');
        const read = readIn(new JsonLinesReader(), whole, at);

        expect(fields(read)).toEqual(list);
        expect(read.map(({ line }) => line)).toEqual(list.map((_, index) => 2 * index + 1));
      }),
    );
  });

  it.each([1, 2] as const)('is read alike however it is cut: an array at depth %i', (depth) => {
    assert(
      property(users, cuts, (list, at) => {
        const whole = JSON.stringify(depth === 1 ? list : { kind: '[{"', users: list }, null, 2);

        expect(fields(readIn(new JsonArrayReader(depth), whole, at))).toEqual(list);
      }),
    );
  });

  it('is read alike however it is cut: comma-separated values', () => {
    assert(
      property(rows, cuts, (list, at) => {
        const lines = [['mobile', 'name'], ...list].map((row) => row.map(quoted).join(','));
        const read = readIn(new CsvReader(), lines.join('\r\n'), at);

        const expected = list.map(([mobile, name]) => ({ mobile, name }));
        expect(fields(read)).toEqual(expected);
      }),
    );
  });

  it('tells in which line each record begins, and goes on behind a broken one', () => {
    const csv = 'mobile,name\n"1","a\nb"\n\n3\n,c\n"4';
    expect(readIn(new CsvReader(), csv, [])).toEqual([
      { line: 2, fields: { mobile: '1', name: 'a\nb' } },
      { line: 5, problem: 'has 1 fields, not 2 as the header' },
      { line: 6, fields: { name: 'c' } },
      { line: 7, problem: 'has a quote without an end' },
    ]);
    expect(readIn(new JsonLinesReader(), '{"a":1}\n{"mobile":"+49\n[]\n{"b":2}', [])).toEqual([
      { line: 1, fields: { a: 1 } },
      { line: 2, problem: 'is not a JSON object' },
      { line: 3, problem: 'is not a JSON object' },
      { line: 4, fields: { b: 2 } },
    ]);
    expect(readIn(new JsonArrayReader(2), '{"users":[\n{"a":1},\n{"b":', [])).toEqual([
      { line: 2, fields: { a: 1 } },
      { line: 3, problem: 'is where the file breaks off' },
    ]);
  });

  it('holds no more than a megabyte of one record', () => {
    const tooLong = /^Line \d begins a record of more than a megabyte/;

    expect(endless(new JsonLinesReader(), '{"a":"')).toThrow(tooLong);
    expect(endless(new JsonArrayReader(1), '[{"a":"')).toThrow(tooLong);
    expect(endless(new CsvReader(), 'mobile\n"')).toThrow(tooLong);
  });
});
