import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** What the stores of three workers come to, many times over. */
const ROOM_BYTES = 4 * 2 ** 30;
const OURS = /^tandem-tests-(\d+)$/;

/** Where the stores of this run have their data. What is not run by Jest has one of its own. */
export function runDirectory(): string {
  return (process.env.TEST_RUN_DIRECTORY ??= mkdtempSync(join(tmpdir(), 'tandem-tests-')));
}

/**
 * Makes it: in memory where there is room, since stores that wait for a disk are slow, and nothing of theirs has to
 * survive the machine. What runs that were killed have left there goes.
 */
export function makeRunDirectory(): string {
  if (!hasRoom()) return mkdtempSync(join(tmpdir(), 'tandem-tests-'));
  for (const name of readdirSync(MEMORY)) {
    const [, pid] = OURS.exec(name) ?? [];
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(MEMORY, name), { recursive: true });
  }
  const directory = join(MEMORY, `tandem-tests-${process.pid}`);
  mkdirSync(directory, { recursive: true });
  return directory;
}

function hasRoom(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= ROOM_BYTES;
}
