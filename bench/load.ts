import autocannon from 'autocannon';
import type { Exchange } from './exchange';
import { quantile } from './statistics';
import { cpuTime } from './usage';

export interface Sample {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of all threads of the server, in user and in system mode; undefined where nobody counts them. */
  readonly cpuPerRequest: number | undefined;
}

export interface Load {
  /** How many requests: never fewer than exchanges, and more only when these can be sent again. */
  amount: number;
  connections: number;
}

interface Target {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}

/** Ends a run in time after its last answer. */
const CHECK_INTERVAL = 50;
const TIMEOUT_SECONDS = 10;

/**
 * Sends as many requests as it says, on connections that each send the next one when the last is answered.
 *
 * @throws Error when any answer is not right, or missing.
 */
export async function drive(
  { name, url, pid }: Target,
  exchanges: Exchange[],
  { amount, connections }: Load,
): Promise<Sample> {
  const wrong: string[] = [];
  const times: number[] = [];
  const requests = exchanges.map((exchange) => requestOf(exchange, wrong));
  let client = 0;
  let end = 0;
  const cpuBefore = cpuTime(pid);
  const start = performance.now();
  const { errors, timeouts } = await autocannon({
    url,
    amount,
    connections,
    sampleInt: CHECK_INTERVAL,
    timeout: TIMEOUT_SECONDS,
    setupClient: (connection) => {
      const share = client++;
      connection.setRequests(requests.filter((_, index) => index % connections === share));
      connection.on('response', (_status, _bytes, milliseconds) => {
        times.push(milliseconds);
        end = performance.now();
      });
    },
  });
  const cpuAfter = cpuTime(pid);
  if (errors > 0 || timeouts > 0) wrong.push(`${errors} connections broke, ${timeouts} in vain`);
  if (times.length !== amount) wrong.push(`${times.length} of ${amount} were answered`);
  if (wrong.length > 0) throw new WrongAnswers(name, wrong);
  const sorted = Float64Array.from(times);
  return {
    requestsPerSecond: (amount / (end - start)) * 1000,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    cpuPerRequest: cpuBefore === undefined ? undefined : (cpuAfter! - cpuBefore) / amount,
  };
}

/** A server that is fast because it does not do its work has lost. */
export class WrongAnswers extends Error {
  constructor(name: string, wrong: string[]) {
    const some = [...new Set(wrong)].slice(0, 5).join('\n  ');
    super(`${name} gave ${wrong.length} wrong answers:\n  ${some}`);
  }
}

function requestOf(exchange: Exchange, wrong: string[]): autocannon.Request {
  const { method, path, headers, body } = exchange;
  return {
    method,
    path,
    headers,
    body,
    onResponse: (status, answer) => {
      if (accepts(exchange, status, answer)) return;
      wrong.push(`${method} ${path}: ${status} ${answer.slice(0, 200)}`);
    },
  };
}

/** An answer that nobody can read is a wrong one. */
export function accepts(exchange: Exchange, status: number, body: string): boolean {
  try {
    return exchange.accepts(status, body);
  } catch {
    return false;
  }
}
