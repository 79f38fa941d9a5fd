import { join, type Sql, sql } from '../storage/sql';
import type { ShownDevice } from './device-tokens.service';

/** Carriers give a number to somebody else some months after its owner left it, who can log in no more and keeps the token. */
const LASTS_MS = 90 * 86_400_000;

/** A device lives while it was used after this time, in epoch milliseconds. */
export const usedAfter = (nowMs: number) => nowMs - LASTS_MS;

/** Matches the device whose token was shown if it lives, in a statement that calls the table `d`. */
export const isShown = ({ id, hashes }: ShownDevice, nowMs: number): Sql =>
  sql`d.id = ${id} AND d.secret_hash IN (${join(hashes)}) AND d.last_used_at > ${usedAfter(nowMs)}`;
