import { LRUCache } from 'lru-cache';
import { SegmentedMessage } from 'sms-segments-calculator';

/** By text: texts are few, but for their digits, of which one takes as much room as another. */
const known = new LRUCache<string, number>({ max: 1000 });

/**
 * How many SMS carry the text, each of which is paid for: 160 characters of GSM-7 (153 in each of several),
 * where `€[]{}|~^\` count double, or else 70 units of UTF-16 (67).
 */
export function segmentsOf(text: string): number {
  const alike = text.replace(/[0-9]/g, '0');
  let count = known.get(alike);
  if (count === undefined) {
    count = new SegmentedMessage(alike).segmentsCount;
    known.set(alike, count);
  }
  return count;
}
