import type { ImportProgress } from '../users/import/users-import.service';

/** Between two lines, on a terminal, which shows the newest only, and in a log. */
const TERMINAL_MS = 500;
const LOG_MS = 10_000;
const ERASE_LINE = '\r\u001B[K';

/** Where an import is in its file. */
export interface Position {
  readonly bytes: number;
  /** Of the file; undefined when it comes through a pipe. */
  readonly totalBytes?: number;
}

/** Tells on stderr how far `work` is, until it ends. */
export async function showImport(
  progress: Readonly<ImportProgress>,
  position: () => Position,
  work: Promise<void>,
): Promise<void> {
  const { stderr } = process;
  const startedAt = performance.now();
  const tell = () => {
    const line = progressLine(progress, position(), performance.now() - startedAt);
    stderr.write(stderr.isTTY ? `${ERASE_LINE}${line}` : `${line}\n`);
  };
  const timer = setInterval(tell, stderr.isTTY ? TERMINAL_MS : LOG_MS);
  try {
    await work;
  } finally {
    clearInterval(timer);
    if (stderr.isTTY) stderr.write(ERASE_LINE);
  }
}

/** `412,000 lines, 12,400/s, 0:47 left`. */
export function progressLine(
  { imported, alreadyThere, refused }: Readonly<ImportProgress>,
  { bytes, totalBytes }: Position,
  elapsedMs: number,
): string {
  const lines = imported + alreadyThere + refused;
  const rate = Math.round((lines * 1000) / elapsedMs);
  const told = `${grouped(lines)} lines, ${grouped(rate)}/s`;
  if (totalBytes === undefined || bytes === 0) return told;
  return `${told}, ${minutes((elapsedMs * Math.max(0, totalBytes - bytes)) / bytes)} left`;
}

const grouped = (amount: number) => amount.toLocaleString('en');

function minutes(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
