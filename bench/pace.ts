import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from './exchange';
import { WrongAnswers } from './load';
import { quantile } from './rank-tests';

export interface Latency {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

interface Target {
  readonly name: string;
  readonly url: string;
}

/**
 * Sends each request when its turn comes, whether the one before is answered or not, as strangers do. Autocannon's own
 * rates let every connection send the requests of a second at once, and then wait for the next second.
 *
 * @throws WrongAnswers
 */
export async function pace(
  { name, url }: Target,
  exchanges: Exchange[],
  requestsPerSecond: number,
): Promise<Latency> {
  const agent = new Agent({ keepAlive: true });
  const wrong: string[] = [];
  const pending: Promise<number>[] = [];
  const start = performance.now();
  for (const [index, exchange] of exchanges.entries()) {
    while (performance.now() < start + (index / requestsPerSecond) * 1000) await delay(1);
    pending.push(time(url, exchange, agent, wrong));
  }
  const times = Float64Array.from(await Promise.all(pending));
  agent.destroy();
  if (wrong.length > 0) throw new WrongAnswers(name, wrong);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** @returns the milliseconds until the answer has arrived. */
function time(url: string, exchange: Exchange, agent: Agent, wrong: string[]): Promise<number> {
  const { method, path, headers, body } = exchange;
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const sent = request(url + path, { agent, method, headers }, (response) => {
      const check = (answer: string) => {
        const elapsed = performance.now() - from;
        const isRight = exchange.accepts(response.statusCode!, answer);
        if (!isRight) wrong.push(`${method} ${path}: ${response.statusCode}`);
        resolve(elapsed);
      };
      text(response).then(check).catch(reject);
    });
    sent.once('error', reject).end(body);
  });
}
