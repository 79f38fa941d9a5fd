import type { RefreshedDto } from './contract.ts';
import type { Environment } from './environment.ts';
import type { Kept } from './kept.ts';
import type { ServerClock } from './server-clock.ts';

/** The part of its life after which an access token is replaced, and how much later tabs do that apart from each other. */
const REFRESH_AT = 0.8;
const SPREAD = 0.1;
/** How far behind the server this clock may be, by the way of an answer. */
const CLOCK_LAG_MS = 60_000;
/**
 * A successor is not spent sooner than this after its predecessor was: requests with that one may still be under way,
 * and the server takes them for theft once the successor's own successor is out and the grace over.
 */
const SPACING_MS = 60_000;

/** How old an access token is, and what follows from it. */
export class TokenAge {
  /** An access token that was refused before its time. */
  rejected?: string;
  private readonly refreshAt: number;
  /** On the monotonic clock. */
  private unseenAt = -Infinity;

  constructor(
    private readonly clock: ServerClock,
    private readonly environment: Environment,
  ) {
    this.refreshAt = REFRESH_AT + SPREAD * environment.random();
  }

  /** There may be a successor by now that the store does not tell of. */
  noteUnseen(): void {
    this.unseenAt = this.environment.monotonic();
  }

  /** Of a token that has just come. */
  of({ token: access, expires_in: seconds }: RefreshedDto) {
    const from = this.clock.now();
    return { access, from, until: from + seconds * 1000, offset: this.clock.offset };
  }

  /** Whether it opens nothing any more, as far as anybody here can tell. */
  isOver(kept: Kept): boolean {
    return this.isUnknown(kept) || this.clock.now() >= kept.until;
  }

  isDue(kept: Kept): boolean {
    return this.untilDue(kept) <= 0 || kept.access === this.rejected || this.isUnknown(kept);
  }

  /** Milliseconds. */
  untilDue(kept: Kept): number {
    return kept.from + this.refreshAt * lifeOf(kept) - this.clock.now();
  }

  /** Whether the refresh token may be spent by who knows the time: a rotating one wants to be old enough for that. */
  isKnown({ rotated }: Kept): boolean {
    return !rotated || this.clock.isMeasured;
  }

  /** Milliseconds until the refresh token may be spent: see {@link SPACING_MS}. Also between two that were refused. */
  spacingOf(kept: Kept): number {
    const spacing = Math.min(SPACING_MS, REFRESH_AT * lifeOf(kept));
    const unseen = this.unseenAt + spacing - this.environment.monotonic();
    if ((!kept.rotated && !kept.forced) || this.isUnknown(kept)) return unseen;
    return Math.max(unseen, kept.from + spacing - this.clock.now());
  }

  /** From the future: the device's clock was set back since this came. */
  private isUnknown({ from }: Kept): boolean {
    return this.clock.now() < from - CLOCK_LAG_MS;
  }
}

const lifeOf = ({ from, until }: Kept) => until - from;
