import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** KiB of memory; the rest is in the file. */
const CACHE_KIB = 32_768;

interface ScratchFile {
  exec(text: string): void;
  prepare(text: string): {
    get(...values: unknown[]): unknown;
    run(...values: unknown[]): { readonly changes: number };
  };
  close(): void;
}

/** A key, and the line that it stands in. */
export type KeyInLine = readonly [key: string, line: number];

/**
 * Which keys a file has had so far, and in which line, in constant memory: a scratch file holds them as digests that mean
 * nothing to others.
 */
export class SeenKeys {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tandem-import-'));
  private readonly salt = randomBytes(16).toString('hex');
  private readonly file: ScratchFile;

  constructor() {
    const Database = require('libsql') as new (path: string) => ScratchFile;
    this.file = new Database(join(this.folder, 'seen.sqlite'));
    this.file
      .exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE_KIB};
      CREATE TABLE seen (digest INTEGER PRIMARY KEY, line INTEGER NOT NULL); BEGIN`);
  }

  /** @returns the keys that stand in an earlier line, with that line; all others are remembered. */
  note(keys: readonly KeyInLine[]): ReadonlyMap<string, number> {
    if (keys.length === 0) return new Map();
    const rows = keys.map(([key, line]) => ({ key, line, digest: this.digestOf(key) }));
    const places = rows.map(() => '(?, ?)').join();
    const insertion = this.file.prepare(`INSERT OR IGNORE INTO seen VALUES ${places}`);
    const { changes } = insertion.run(...rows.flatMap(({ digest, line }) => [digest, line]));
    return new Map(changes === keys.length ? [] : this.earlierLines(rows));
  }

  close(): void {
    this.file.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private digestOf(key: string): bigint {
    return hash('sha256', this.salt + key, 'buffer').readBigInt64LE();
  }

  private *earlierLines(rows: readonly { key: string; line: number; digest: bigint }[]) {
    const selection = this.file.prepare('SELECT line FROM seen WHERE digest = ?');
    for (const { key, line, digest } of rows) {
      const first = (selection.get(digest) as { line: number }).line;
      if (first !== line) yield [`${line} ${key}`, first] as const;
    }
  }
}
