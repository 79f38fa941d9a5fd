import { deadline } from '../../common/deadline';
import { RedactingLogger } from '../../common/redacting-logger';

/** The part of a connection of mysql2 that is needed here. */
export interface PooledConnection {
  readonly stream: { destroy(): void };
  ping(done: (error: Error | null) => void): void;
  destroy(): void;
}

/** A connection that was silent for longer may have been forgotten by what is between, which tells nobody. */
const TRUSTED_MS = 1000;
/** Then it has so long to answer: of the deadline of a statement, most is left for a new connection. */
const PING_TIMEOUT_MS = 300;

/**
 * Tells dead connections from idle ones before they are used, and asks none that is busy. One that is dead takes all
 * with it that have been silent for longer.
 */
export class Liveness {
  private readonly logger = new RedactingLogger(Liveness.name);
  private readonly answeredAt = new WeakMap<PooledConnection, number>();
  private deadUntil = -Infinity;
  private suspectUntil = -Infinity;

  answered(connection: PooledConnection): void {
    this.answeredAt.set(connection, performance.now());
  }

  /** A statement that was sent got no answer: every other connection is asked once before it is used again. */
  suspectAll(): void {
    this.suspectUntil = performance.now();
  }

  async isAlive(connection: PooledConnection): Promise<boolean> {
    const answeredAt = this.answeredAt.get(connection);
    // One that was just opened has answered by that.
    if (answeredAt === undefined) return true;
    if (answeredAt <= this.deadUntil) return false;
    const isFresh = performance.now() - answeredAt < TRUSTED_MS && answeredAt > this.suspectUntil;
    if (isFresh) return true;
    if (await answersPing(connection)) return true;
    this.buryUntil(answeredAt);
    return false;
  }

  private buryUntil(answeredAt: number): void {
    if (answeredAt <= this.deadUntil) return;
    this.deadUntil = answeredAt;
    this.logger.warn('Database connection dead; replacing those that were idle for as long');
  }
}

function answersPing(connection: PooledConnection): Promise<boolean> {
  return new Promise((resolve) => {
    const settled = deadline(PING_TIMEOUT_MS, () => resolve(false));
    connection.ping((error) => {
      settled();
      resolve(error === null || error === undefined);
    });
  });
}
