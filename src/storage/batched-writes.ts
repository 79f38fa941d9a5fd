import type { Writable } from 'node:stream';

/**
 * Sends what is written to a connection in one turn of the event loop in one system call, which costs more than the rest
 * of a command: requests that came together ask together. What is alone waits for nothing but the end of the turn.
 */
export function batchWrites(stream: Writable): void {
  const write = stream.write.bind(stream) as (...values: unknown[]) => boolean;
  let isHeld = false;
  const release = () => {
    isHeld = false;
    stream.uncork();
  };
  stream.write = (...values: unknown[]) => {
    if (!isHeld) {
      isHeld = true;
      stream.cork();
      setImmediate(release);
    }
    return write(...values);
  };
}
