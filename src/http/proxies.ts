import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isWithinAny, parseAddress, parseNetwork } from '../common/network';
import { RedactingLogger } from '../common/redacting-logger';
import type { Env } from '../config/env';

declare module 'fastify' {
  interface FastifyRequest {
    /** What a trusted proxy calls it: fields of its log line. */
    upstream?: { proxy_request_id?: string; traceparent?: string };
  }
}

/** @param hop how many proxies stand between it and us. */
export type Trusts = (address: string, hop: number) => boolean;

const REQUEST_ID = /^[\w.-]{8,64}$/;
/** Version, trace, parent and flags: W3C Trace Context, section 3.2. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;
/** By which proxies name the client. Only the first one is read. */
const CLIENT_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

/** Who is believed about clients. A number means: so many proxies stand in front of us, wherever they are. */
export function trustedProxies({ TRUST_PROXY: trusted }: Env): Trusts {
  if (!Array.isArray(trusted)) return (_, hop) => hop < Number(trusted);
  const networks = trusted.map((text) => parseNetwork(text)!);
  return (text) => isWithinAny(parseAddress(text), networks);
}

/** Takes over what trusted proxies call a request, and says so once when one that is not trusted names clients. */
export function heedProxies(fastify: FastifyInstance, trusts: Trusts): void {
  const warn = warnOnce();
  fastify.addHook('onRequest', (request, reply, done) => {
    const { socket } = request;
    if (!isFromProxy(request)) return done();
    const peer = socket.remoteAddress ?? '';
    if (trusts(peer, 0)) takeIds(request, reply);
    else warn(request, peer);
    return done();
  });
}

function isFromProxy({ headers }: FastifyRequest): boolean {
  return (
    headers['x-request-id'] !== undefined ||
    headers.traceparent !== undefined ||
    CLIENT_HEADERS.some((name) => headers[name] !== undefined)
  );
}

function takeIds(request: FastifyRequest, reply: FastifyReply): void {
  const id = wellFormed(request.headers['x-request-id'], REQUEST_ID);
  const traceparent = wellFormed(request.headers.traceparent, TRACEPARENT);
  request.upstream = { proxy_request_id: id, traceparent };
  if (id) void reply.header('x-request-id', id);
  if (traceparent) void reply.header('traceparent', traceparent);
}

function wellFormed(value: string | string[] | undefined, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}

function warnOnce() {
  const logger = new RedactingLogger('Proxies');
  let isTold = false;
  return ({ headers }: FastifyRequest, peer: string): void => {
    const header = CLIENT_HEADERS.find((name) => headers[name] !== undefined);
    if (isTold || !header) return;
    isTold = true;
    logger.warn(
      `Peer ${peer} names clients by ${header} and is not trusted: if it is your proxy, all its clients share one address and its limits until TRUST_PROXY names it`,
    );
  };
}
