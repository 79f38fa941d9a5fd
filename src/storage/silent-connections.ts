import type { Redis } from 'ioredis';
import { deadline } from '../common/deadline';

/** The time is counted in so many parts: what this process itself spends busy in one of them counts as one. */
const PARTS = 2;

/**
 * Drops a connection that owes answers and sends nothing for a time, and with it every command that waits, so that only
 * the first requests wait. The timers of ioredis (`commandTimeout`, `socketTimeout`) fire before an answer is read that
 * came while the process was busy: they would take a server for away that has answered.
 *
 * @param client has just connected.
 * @param timeoutMs it takes up to half as long again.
 */
export function dropWhenSilent(client: Redis, timeoutMs: number): void {
  const { stream } = client;
  const write = stream.write.bind(stream) as (...values: unknown[]) => boolean;
  let stop: (() => void) | undefined;
  let silentParts = 0;
  const count = () => {
    stop = undefined;
    if (client.commandQueue.length === 0) return;
    silentParts++;
    if (silentParts > PARTS) stream.destroy(new Error(`No answer in ${timeoutMs} ms.`));
    else wait();
  };
  const wait = () => (stop ??= deadline(timeoutMs / PARTS, count));
  stream.write = (...values: unknown[]) => {
    if (!stop) silentParts = 0;
    wait();
    return write(...values);
  };
  stream.on('data', () => (silentParts = 0));
  stream.once('close', () => stop?.());
  wait();
}
