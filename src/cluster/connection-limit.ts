import type { Server } from 'node:http';
import { isWorker } from './role';

/**
 * Closes connections beyond `max`, each with a `drop` event of the server. In a worker, Node's own `maxConnections`
 * would give the connection back to the first process, which would hand it out again at once, and for ever
 * while all workers are full.
 */
export function limitConnections(server: Server, max: number): void {
  if (isWorker) dropBeyond(server, max);
  else server.maxConnections = max;
}

function dropBeyond(server: Server, max: number): void {
  let open = 0;
  // Before Node's own listener, which would read from the socket.
  server.prependListener('connection', (socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
    if (open <= max) return;
    socket.destroy();
    server.emit('drop');
  });
}
