import { assertRecord, parsed, type RawRecord, type RecordReader } from './record-reader';

/** One JSON object a line. One that is broken costs its own line only. */
export class JsonLinesReader implements RecordReader {
  private rest = '';
  private line = 0;

  *read(piece: string): Iterable<RawRecord> {
    const lines = (this.rest + piece).split('\n');
    this.rest = lines.pop()!;
    assertRecord(this.rest.length, this.line + 1);
    for (const text of lines) yield* this.recordOf(text);
  }

  end(): Iterable<RawRecord> {
    return this.recordOf(this.rest);
  }

  private *recordOf(text: string): Iterable<RawRecord> {
    this.line += 1;
    if (text.trim() !== '') yield parsed(text, this.line);
  }
}
