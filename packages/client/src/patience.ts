import type { Environment } from './environment.ts';
import type { TandemError } from './errors.ts';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
const LONGEST_ORDERED_MS = 3_600_000;
/** Spread, so that an outage does not end with everybody at once. */
const SPREAD = 0.2;

/** When to try again after a failure: as the server says, or else twice as long each time. */
export class Patience {
  private failures = 0;
  private failure?: TandemError;
  private until = -Infinity;

  constructor(private readonly environment: Environment) {}

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /** Milliseconds. */
  get wait(): number {
    return this.until - this.environment.monotonic();
  }

  /** @throws TandemError the last failure, while it is not yet the time. */
  assertOver(): void {
    if (this.failure && this.wait > 0) throw this.failure;
  }

  failed(failure: TandemError): void {
    const backoff = Math.min(FIRST_WAIT_MS * 2 ** this.failures, LONGEST_WAIT_MS);
    const ordered = Math.min((failure.retryAfter ?? 0) * 1000, LONGEST_ORDERED_MS);
    const wait = (ordered || backoff) * (1 + SPREAD * this.environment.random());
    this.failures += 1;
    this.failure = failure;
    this.until = this.environment.monotonic() + wait;
  }

  succeeded(): void {
    this.failures = 0;
    this.failure = undefined;
    this.until = -Infinity;
  }

  /** The network may be back, which is no reason to disobey the server. */
  hurry(): void {
    if (!this.failure?.retryAfter) this.until = -Infinity;
  }
}
