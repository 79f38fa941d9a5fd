import {
  assertRecord,
  type RawRecord,
  type RecordReader,
  UnreadableFileError,
} from './record-reader';

/** Comma-separated values with a header (RFC 4180): fields that are empty are left out. */
export class CsvReader implements RecordReader {
  private header?: readonly string[];
  /** Where the text is, and where its record begins. */
  private line = 1;
  private start = 1;
  private row: string[] = [];
  private field = '';
  private isQuoted = false;
  /** Behind a quote in a quoted field: its end, or the first half of a quote that is meant. */
  private afterQuote = false;

  /** @param columns that there may be; any, if it is left out. */
  constructor(private readonly columns?: readonly string[]) {}

  *read(piece: string): Iterable<RawRecord> {
    for (const character of piece) {
      if (this.isQuoted && !this.afterQuote) this.readQuoted(character);
      else if (character === '"') this.readQuote();
      else if (character === ',') this.endField();
      else if (character === '\n') yield* this.endRow();
      else if (character !== '\r') this.field += character;
      if (character === '\n') this.line += 1;
      if (this.row.length === 0 && this.field === '' && !this.isQuoted) this.start = this.line;
    }
    assertRecord(this.field.length, this.start);
  }

  *end(): Iterable<RawRecord> {
    if (this.isQuoted && !this.afterQuote) {
      yield { line: this.start, problem: 'has a quote without an end' };
    } else if (this.field !== '' || this.row.length > 0) {
      yield* this.endRow();
    }
  }

  private readQuoted(character: string): void {
    if (character === '"') this.afterQuote = true;
    else this.field += character;
  }

  private readQuote(): void {
    if (this.afterQuote) this.field += '"';
    this.isQuoted = true;
    this.afterQuote = false;
  }

  private endField(): void {
    this.row.push(this.field);
    this.field = '';
    this.isQuoted = this.afterQuote = false;
  }

  private *endRow(): Iterable<RawRecord> {
    this.endField();
    const { row, start: line } = this;
    this.row = [];
    if (row.length === 1 && row[0] === '') return;
    if (!this.header) this.header = this.headerOf(row);
    else if (row.length !== this.header.length)
      yield { line, problem: `has ${row.length} fields, not ${this.header.length} as the header` };
    else yield { line, fields: fieldsOf(this.header, row) };
  }

  /** @throws UnreadableFileError */
  private headerOf(row: readonly string[]): string[] {
    const header = row.map((name) => name.trim());
    const unknown = this.columns && header.filter((name) => !this.columns!.includes(name));
    if (!unknown?.length) return header;
    throw new UnreadableFileError(
      `The header names ${unknown.join(', ')}: columns are ${this.columns!.join(', ')}.`,
    );
  }
}

function fieldsOf(header: readonly string[], row: readonly string[]): Record<string, string> {
  const entries = header.map((name, index) => [name, row[index]!] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}
