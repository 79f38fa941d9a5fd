import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** How old or how far ahead a message may say that it is. */
const TOLERANCE_SECONDS = 5 * 60;
/** More of them than any rotation needs are not looked at. */
const MAX_SIGNATURES = 8;

type Key = string | Buffer;

/** What is signed, as https://www.standardwebhooks.com say. */
export interface SignedMessage {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly body: string | Buffer;
}

/** The headers of a message, signed with each of `keys`: a receiver needs to know one of them. */
export function signedHeaders(
  message: SignedMessage,
  keys: readonly Key[],
): Record<string, string> {
  const timestamp = String(Math.floor(message.at / 1000));
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys
      .map((key) => `v1,${mac(key, message.id, timestamp, message.body)}`)
      .join(' '),
  };
}

/** @param now epoch milliseconds. */
export function isSigned(
  headers: IncomingHttpHeaders,
  body: Buffer,
  key: Key,
  now: number,
): boolean {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`] ?? ''),
  ) as [string, string, string];
  const age = Math.abs(now / 1000 - Number(timestamp));
  if (!id || !/^\d{1,12}$/.test(timestamp) || age > TOLERANCE_SECONDS) return false;
  const expected = Buffer.from(`v1,${mac(key, id, timestamp, body)}`);
  const given = signatures.split(' ', MAX_SIGNATURES).map((one) => Buffer.from(one));
  return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}

function mac(key: Key, id: string, timestamp: string, body: string | Buffer): string {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
}
