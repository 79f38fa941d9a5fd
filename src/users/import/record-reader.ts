/** What stands in a file where a user should. Lines count from 1. */
export type RawRecord =
  | { readonly line: number; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly problem: string };

/** Reads records out of a text that comes in pieces, and keeps no more of it than the one that has begun. */
export interface RecordReader {
  read(piece: string): Iterable<RawRecord>;
  end(): Iterable<RawRecord>;
}

/** Characters: a user has some hundred, and what is longer is no record. */
const MAX_LENGTH = 1_048_576;

export class UnreadableFileError extends Error {}

/** @throws UnreadableFileError */
export function assertRecord(length: number, line: number): void {
  if (length <= MAX_LENGTH) return;
  throw new UnreadableFileError(
    `Line ${line} begins a record of more than a megabyte: is it another format?`,
  );
}

export function parsed(text: string, line: number): RawRecord {
  try {
    const fields: unknown = JSON.parse(text);
    const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
    return isObject ? { line, fields: fields as Record<string, unknown> } : noObject(line);
  } catch {
    // Not what the parser says, which quotes the text.
    return noObject(line);
  }
}

const noObject = (line: number): RawRecord => ({ line, problem: 'is not a JSON object' });
