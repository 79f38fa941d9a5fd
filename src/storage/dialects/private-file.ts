import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY = 0o600;
/** Of the log and its index, which SQLite makes with the mode of the file. */
const COMPANIONS = ['', '-wal', '-shm'];

/**
 * Makes a database that only its owner reads, in whatever directory; SQLite itself would let everyone. One that is there
 * is closed to others, unless it is that of a host application. What cannot be done is left to SQLite to say.
 */
export function keepPrivate(file: string, { isOurs }: { isOurs: boolean }): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!existsSync(file)) closeSync(openSync(file, 'a', OWNER_ONLY));
    else if (isOurs) closeToOthers(file);
  } catch {
    // Of another user, or on a file system without modes or room.
  }
}

function closeToOthers(file: string): void {
  for (const part of COMPANIONS.map((suffix) => file + suffix)) {
    if (existsSync(part)) chmodSync(part, OWNER_ONLY);
  }
}
