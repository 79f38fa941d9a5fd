import { closeSync, openSync, writeSync } from 'node:fs';

/** A file with the lines that were refused and why, without anything of what stands in them. */
export class ImportReport {
  private readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'w', 0o600);
    writeSync(this.file, 'line,reason\n');
  }

  refuse(line: number, reason: string): void {
    writeSync(this.file, `${line},"${reason.replaceAll('"', '""')}"\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}
