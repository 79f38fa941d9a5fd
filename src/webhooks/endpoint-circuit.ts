/** Failures in a row that open it. */
const OPENS_AFTER = 5;
const FIRST_MS = 1000;
const LONGEST_MS = 5 * 60_000;
const JITTER = 0.2;

/**
 * Leaves an endpoint alone that does not answer: after some failures in a row, longer and longer, one attempt at a time shows
 * whether it is back. Meanwhile its events wait in the outbox, and none uses up its attempts.
 */
export class EndpointCircuit {
  private failures = 0;
  private closedUntil = 0;
  private pauses = 0;

  /** How many attempts may be under way at a time; none while it is left alone. */
  room(now: number, most: number): number {
    if (now < this.closedUntil) return 0;
    return this.pauses > 0 ? 1 : most;
  }

  succeeded(): void {
    this.failures = 0;
    this.pauses = 0;
    this.closedUntil = 0;
  }

  /** @param leastMs what the endpoint asks for. */
  failed(now: number, leastMs = 0): void {
    this.failures += 1;
    const opens = this.failures >= OPENS_AFTER && now >= this.closedUntil;
    const pause = opens ? Math.min(FIRST_MS * 2 ** this.pauses, LONGEST_MS) : 0;
    if (opens) this.pauses += 1;
    const jitter = 1 + Math.random() * JITTER;
    this.closedUntil = Math.max(this.closedUntil, now + Math.max(pause * jitter, leastMs));
  }
}
