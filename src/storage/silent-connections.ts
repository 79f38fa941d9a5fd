import type { Redis } from 'ioredis';
import { deadline } from '../common/deadline';

/**
 * Drops a connection that owes answers and sends nothing for a time, and with it every command that waits, so that only
 * the first requests wait. The timer of ioredis (`socketTimeout`) fires before an answer is read that came while the
 * process was busy: it would take a server for away that has answered.
 *
 * @param client has just connected.
 */
export function dropWhenSilent(client: Redis, timeoutMs: number): void {
  const { stream } = client;
  const write = stream.write.bind(stream) as (...values: unknown[]) => boolean;
  let stop: (() => void) | undefined;
  const drop = () => stream.destroy(new Error(`No answer in ${timeoutMs} ms.`));
  const wait = () => (stop ??= deadline(timeoutMs, drop));
  const rest = () => {
    stop?.();
    stop = undefined;
  };
  stream.write = (...values: unknown[]) => {
    wait();
    return write(...values);
  };
  // Behind the parser, which has taken the commands off the queue that are answered.
  stream.on('data', () => {
    rest();
    if (client.commandQueue.length > 0) wait();
  });
  stream.once('close', rest);
  wait();
}
