import { assertRecord, parsed, type RawRecord, type RecordReader } from './record-reader';

const OPENING = new Set('{[');
const CLOSING = new Set('}]');

/** The objects of one array, which is the whole document (depth 1) or a field of its object (depth 2). */
export class JsonArrayReader implements RecordReader {
  private line = 1;
  private depth = 0;
  private isText = false;
  private isEscaped = false;
  /** Of the record that has begun. */
  private begun?: { readonly line: number; text: string };

  constructor(private readonly depthOfRecords: 1 | 2) {}

  *read(piece: string): Iterable<RawRecord> {
    let from = 0;
    for (let index = 0; index < piece.length; index++) {
      const character = piece[index]!;
      if (character === '\n') this.line += 1;
      if (this.isText) this.readText(character);
      else if (character === '"') this.isText = true;
      else if (OPENING.has(character) && this.opensRecord(character)) from = index;
      else if (CLOSING.has(character) && this.closesRecord()) {
        yield this.finish(piece.slice(from, index + 1));
      }
    }
    if (!this.begun) return;
    this.begun.text += piece.slice(from);
    assertRecord(this.begun.text.length, this.begun.line);
  }

  *end(): Iterable<RawRecord> {
    if (this.depth === 0) return;
    yield { line: this.begun?.line ?? this.line, problem: 'is where the file breaks off' };
  }

  private opensRecord(character: string): boolean {
    const isRecord = character === '{' && this.depth === this.depthOfRecords;
    if (isRecord) this.begun = { line: this.line, text: '' };
    this.depth += 1;
    return isRecord;
  }

  private closesRecord(): boolean {
    this.depth -= 1;
    return this.begun !== undefined && this.depth === this.depthOfRecords;
  }

  private finish(rest: string): RawRecord {
    const { line, text } = this.begun!;
    this.begun = undefined;
    return parsed(text + rest, line);
  }

  private readText(character: string): void {
    if (this.isEscaped) this.isEscaped = false;
    else if (character === '\\') this.isEscaped = true;
    else if (character === '"') this.isText = false;
  }
}
