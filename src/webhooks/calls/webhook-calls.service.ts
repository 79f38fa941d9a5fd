import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock';
import { signedHeaders } from '../../common/standard-webhooks';
import { Env } from '../../config/env';
import { isTracing, traceCalls } from '../../observability/tracing';
import { type CallFailure, CallError, failureOf } from './call-failure';
import { HostAddressesService } from './host-addresses.service';
import { retryAfterOf } from './retry-after';

/** For a whole attempt: name, connection, answer. */
const TIMEOUT_MS = 10_000;
/** Of an answer, so that a receiver is not cut off while it writes; nothing of it is kept. */
const MAX_ANSWER_BYTES = 16 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;

export interface Call {
  readonly url: string;
  /** The `webhook-id`. */
  readonly id: string;
  readonly body: string;
  /** Each signs. */
  readonly keys: readonly Buffer[];
}

/** What became of a call. */
export interface CallOutcome {
  /** Undefined for an answer of 2xx. */
  readonly failure?: CallFailure;
  /** Of the answer, where there was one. */
  readonly status?: number;
  readonly milliseconds: number;
  /** How long the receiver wants to be left alone. */
  readonly retryAfterMs?: number;
}

/**
 * Posts to addresses that others have chosen. What the name leads to is looked up once, judged, and connected to: a second
 * look-up could have another answer. No redirect is followed, and no proxy of the environment asked.
 */
@Injectable()
export class WebhookCallsService {
  constructor(
    private readonly clock: Clock,
    private readonly env: Env,
    private readonly hosts: HostAddressesService,
  ) {
    if (isTracing()) this.tracePosts();
  }

  /** Never fails. @param shutdown ends it sooner. */
  async post(call: Call, shutdown?: AbortSignal): Promise<CallOutcome> {
    const startedAt = this.clock.elapsed();
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = shutdown ? AbortSignal.any([timeout, shutdown]) : timeout;
    const outcome = await this.attempt(call, signal).catch((error: unknown) => ({
      failure: failureOf(error),
    }));
    return { ...outcome, milliseconds: Math.round(this.clock.elapsed() - startedAt) };
  }

  private tracePosts(): void {
    traceCalls(this as Pick<WebhookCallsService, 'post'>, 'post', {
      name: () => 'webhook deliver',
      attributes: ({ id }) => ({ 'webhook.id': id }),
      ofResult: ({ failure, status }) => ({
        'error.type': failure,
        'http.response.status_code': status,
      }),
    });
  }

  private async attempt(
    call: Call,
    signal: AbortSignal,
  ): Promise<Omit<CallOutcome, 'milliseconds'>> {
    const url = new URL(call.url);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const isPlain = url.protocol === 'http:';
    if (isPlain && this.env.isProduction && !this.env.PLAIN_HTTP_HOSTS.includes(host)) {
      throw new CallError('plain_http');
    }
    const addresses = await unlessAborted(this.hosts.of(host), signal);
    const { statusCode = 0, headers } = await this.send(url, addresses, call, signal);
    const retryAfterMs = retryAfterOf(headers['retry-after'], this.clock.now());
    return { status: statusCode, failure: judge(statusCode), retryAfterMs };
  }

  private send(
    url: URL,
    addresses: readonly string[],
    { id, body, keys }: Call,
    signal: AbortSignal,
  ): Promise<http.IncomingMessage> {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Tandem-Webhooks',
      ...signedHeaders({ id, at: this.clock.now(), body }, keys),
    };
    const { request, Agent } = url.protocol === 'http:' ? http : https;
    return new Promise((resolve, reject) => {
      request(url, {
        method: 'POST',
        headers,
        agent: new Agent(),
        lookup: among(addresses),
        maxHeaderSize: MAX_HEADER_BYTES,
        signal,
      })
        .on('error', reject)
        .once('response', (response) => {
          discard(response);
          resolve(response);
        })
        .end(body);
    });
  }
}

/** Whatever the name is: the socket gets the addresses that were judged. */
function among(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_name, { all: wantsAll }, done) => {
    if (wantsAll) done(null, all);
    else done(null, all[0]!.address, all[0]!.family);
  };
}

/** Reads to the end, or as far as it is patient. */
function discard(response: http.IncomingMessage): void {
  let bytes = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
}

function judge(status: number): CallFailure | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) return 'redirect';
  return status === 410 ? 'gone' : 'status';
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new CallError('timeout'));
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
