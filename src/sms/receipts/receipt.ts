import type { IncomingHttpHeaders } from 'node:http';

/** What became of a message that a provider has taken, in the end. */
export interface Receipt {
  /** The provider's. */
  readonly messageId: string;
  readonly status: 'delivered' | 'failed';
  /** The provider's word for it. */
  readonly code?: string;
  /** Epoch milliseconds, where the provider tells. */
  readonly at?: number;
}

/** A call by somebody who says to be a provider. */
export interface ReceiptCall {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The client address. */
  readonly address: string;
  /** The last part of the path, where it has one more than the provider's name. */
  readonly secret?: string;
}

/** How one provider sends its receipts. */
export interface ReceiptSource {
  isGenuine(call: ReceiptCall): boolean;
  /**
   * The receipts in a body; states that are not the last are none.
   *
   * @throws SyntaxError for what is no body of this provider.
   */
  read(body: Buffer): Receipt[];
  /** What the provider wants to read in the answer; without it a 204 is enough. */
  readonly acknowledgement?: object;
}

/** More of them come in no call. */
const MOST = 500;
const ID = /^[\w.:^-]{1,64}$/;
const CODE = /^[\w.:-]{1,64}$/;

/** Of fields that a provider has filled in; none for a message that cannot be ours. */
export function receiptsOf(
  id: unknown,
  status: Receipt['status'] | undefined,
  code: unknown,
  at?: number,
): Receipt[] {
  if (typeof id !== 'string' || !ID.test(id) || !status) return [];
  const isCode = typeof code === 'string' && CODE.test(code);
  return [{ messageId: id, status, code: isCode ? code : undefined, at }];
}

/** @throws SyntaxError unless it is a list of objects. */
export function listIn(body: Buffer): Record<string, unknown>[] {
  const list: unknown = JSON.parse(body.toString());
  if (!Array.isArray(list)) throw new SyntaxError('no list');
  return list.slice(0, MOST).map((one) => Object(one) as Record<string, unknown>);
}

/** `2026-10-17 08:03:04` as clocks show it in China. */
export function chinaTime(text: unknown): number | undefined {
  const time = typeof text === 'string' ? Date.parse(`${text.replace(' ', 'T')}+08:00`) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
