import { type Answer, Connection } from './connection';
import type { Exchange } from './exchange';
import { accepts, WrongAnswers } from './load';
import { type Pace, PacedRun, type Course } from './paced-run';
import { quantile } from './statistics';

/** Milliseconds. */
export interface Latency {
  /** From the turn of a request until its answer has arrived: whatever comes between counts, also what is the sender's. */
  readonly p50: number;
  readonly p99: number;
  /** From when the sender came to it. */
  readonly p99OnceSeen: number;
  /** How late the sender came to it. */
  readonly p99Lateness: number;
}

/** Callers who can wait for answers at a time. */
const CONNECTIONS = 256;

/**
 * Sends each request when its turn comes, whether the one before is answered or not, as strangers do. Autocannon's own
 * rates let every connection send the requests of a second at once, and then wait for the next second.
 *
 * @throws WrongAnswers
 */
export async function pace(
  { name, url }: { name: string; url: string },
  exchanges: Exchange[],
  plan: Pace,
): Promise<Latency> {
  const address = new URL(url);
  const requests = exchanges.map((exchange) => bytesOf(exchange, address));
  // No more than find something to do each second: servers close connections that rest.
  const count = Math.min(CONNECTIONS, Math.ceil(plan.requestsPerSecond));
  const opening = Array.from({ length: count }, () => Connection.open(address));
  const connections = await Promise.all(opening);
  const courses = await new PacedRun([...connections], requests, plan).send();
  connections.forEach((connection) => connection.close());
  const wrong = courses.flatMap(({ answer }, index) =>
    complaints(exchanges[index % exchanges.length]!, answer),
  );
  if (wrong.length > 0) throw new WrongAnswers(name, wrong);
  return latencyOf(courses);
}

function latencyOf(courses: Course[]): Latency {
  const times = (timeOf: (course: Course) => number) => Float64Array.from(courses, timeOf);
  const whole = times(({ turn, answered }) => answered - turn);
  const onceSeen = times(({ seen, answered }) => answered - seen);
  const lateness = times(({ turn, seen }) => seen - turn);
  return {
    p50: quantile(whole, 0.5),
    p99: quantile(whole, 0.99),
    p99OnceSeen: quantile(onceSeen, 0.99),
    p99Lateness: quantile(lateness, 0.99),
  };
}

function bytesOf({ method, path, headers, body = '' }: Exchange, { host }: URL): Buffer {
  const length = body && { 'content-length': String(Buffer.byteLength(body)) };
  const fields = Object.entries({ host, ...headers, ...length });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines}\r\n${body}`);
}

function complaints(exchange: Exchange, { status, body }: Answer): string[] {
  if (accepts(exchange, status, body)) return [];
  return [`${exchange.method} ${exchange.path}: ${status} ${body.slice(0, 200)}`];
}
