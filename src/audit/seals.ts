import { createHash, createHmac } from 'node:crypto';
import type { KeyRing } from '../config/key-ring';
import { type Integer, raw } from '../storage/sql';

/** What a seal covers of a row: all but what erasing takes away, of which it covers the digest. */
export const SEALED_COLUMNS = [
  'id',
  'at',
  'action',
  'actor_kind',
  'actor_id',
  'user_id',
  'session_id',
  'reason',
  'detail',
  'digest',
  'request_id',
] as const;

export type SealedRow = Record<(typeof SEALED_COLUMNS)[number], Integer | string | null>;

export const sealedColumns = raw(SEALED_COLUMNS.join(', '));

/** What a seal says of itself. */
export interface SealHead {
  readonly id: string;
  /** In epoch milliseconds. */
  readonly at: string;
  readonly day: string;
  readonly events: number;
  /** The digest of the seal before. */
  readonly previous: string;
}

/** Chains seals: whoever changes what one covers changes the digests of all that follow. @param rows by id. */
export function sealDigest(head: SealHead, rows: readonly SealedRow[]): string {
  const hash = createHash('sha256');
  hash.update(lineOf([head.previous, head.id, head.at, head.day, String(head.events)]));
  for (const row of rows) hash.update(lineOf(SEALED_COLUMNS.map((name) => textOf(row[name]))));
  return hash.digest('base64url');
}

const textOf = (value: Integer | string | null) => (value === null ? null : String(value));
const lineOf = (values: (string | null)[]) => `${JSON.stringify(values)}\n`;

/** Signs seals with a key that SQL does not hold. */
export class SealKey {
  private readonly key: Buffer;
  readonly id: string;

  constructor(ring: KeyRing) {
    this.key = ring.derive('audit seal');
    this.id = ring.derive('audit seal id').toString('base64url').slice(0, 8);
  }

  macOf(digest: string, isPurged: boolean): string {
    const text = `${digest} ${isPurged ? 'purged' : 'kept'}`;
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}
