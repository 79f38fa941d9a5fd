import type { Server } from 'node:http';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** How long the node still accepts connections after SIGTERM, until balancers have noticed. */
const STILL_SERVING_MS = 2000;
/** How long requests in progress may then still take. */
const LAST_ANSWERS_MS = 6000;
/** A turn of the event loop in which nothing happened takes less. */
const QUIET_TURN_MS = 0.05;
const MAX_TURNS = 1000;

/**
 * Lets a node go without dropping a request. A connection that is closed while it idles may have its
 * next request on the way: so after SIGTERM the node still serves for a while, says on every answer
 * that the connection ends with it, and is not ready, so that balancers choose another one.
 */
@Injectable()
export class DrainService implements BeforeApplicationShutdown {
  isDraining = false;

  constructor(private readonly host: HttpAdapterHost) {}

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    this.isDraining = true;
    if (signal === 'SIGTERM') await delay(STILL_SERVING_MS);
    // The command line has no server.
    const adapter: HttpAdapterHost['httpAdapter'] | null = this.host.httpAdapter;
    if (adapter) await stopListening(adapter.getHttpServer());
  }
}

/** Resolves when every connection has ended. */
async function stopListening(server: Server): Promise<void> {
  server.closeIdleConnections();
  await quietTurn();
  const closed = new Promise<unknown>((resolve) => server.close(resolve));
  // Otherwise a connection that was opened and never used would hold the process.
  const cut = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
  await closed;
  clearTimeout(cut);
}

/** The kernel resets connections that wait to be accepted when listening ends: waits until none does. */
async function quietTurn(): Promise<void> {
  for (let turns = 0; turns < MAX_TURNS; turns++) {
    const startedAt = performance.now();
    await nextTurn();
    if (performance.now() - startedAt < QUIET_TURN_MS) return;
  }
}
