import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { ApiException } from '../common/errors';

/** More than any client and its proxies send, and far less than Node reads before it leaves out the rest. */
const MAX_HEADERS = 100;
/** Node takes the first of several and drops the others, where a proxy may have judged by another one. */
const SINGLE_HEADERS = ['authorization', 'content-type', 'host'];

/** Refuses what the parser lets pass although others may read it differently. */
export function refuseAmbiguousRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw }, reply, done) => {
    const status = refusalOf(raw);
    if (status === undefined) return done();
    // Where requests end may be in doubt as well.
    void reply.header('connection', 'close');
    return done(new ApiException('REQUEST_REFUSED', { status }));
  });
}

/** The status to refuse a request with. The sections are those of RFC 9110 and RFC 9112. */
function refusalOf({ headers, rawHeaders, httpVersion }: IncomingMessage): number | undefined {
  const { expect, host, 'transfer-encoding': coding } = headers;
  const isCurrent = httpVersion === '1.1';
  if (rawHeaders.length > 2 * MAX_HEADERS) return 431;
  // 9112, section 3.2.
  if (host === undefined && isCurrent) return 400;
  // 9112, section 6.1.
  if (coding !== undefined && !(isCurrent && coding.toLowerCase() === 'chunked')) return 400;
  // 9110, section 10.1.1.
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') return 417;
  // 9110, section 5.3; for two tokens, also RFC 6750, section 3.1.
  return isAnyRepeated(rawHeaders) ? 400 : undefined;
}

/** @param rawHeaders names and values in turn. */
function isAnyRepeated(rawHeaders: readonly string[]): boolean {
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const bit = bitOf(rawHeaders[index]!);
    if (seen & bit) return true;
    seen |= bit;
  }
  return false;
}

/** One for each of the headers that are single, in whatever case; 0 for the others. */
function bitOf(name: string): number {
  const index = SINGLE_HEADERS.findIndex(
    (single) => single.length === name.length && single === name.toLowerCase(),
  );
  return index < 0 ? 0 : 1 << index;
}
