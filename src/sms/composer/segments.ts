import { SegmentedMessage } from 'sms-segments-calculator';

/**
 * How many SMS carry the text, each of which is paid for: 160 characters of GSM-7 (153 in each of several),
 * where `€[]{}|~^\` count double, or else 70 units of UTF-16 (67).
 */
export function segmentsOf(text: string): number {
  return new SegmentedMessage(text).segmentsCount;
}
