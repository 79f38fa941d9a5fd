import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import type { Challenge } from './challenge.entity';
import { areAny, type Charges } from './charges';
import type { LimiterService } from './limiter.service';

export const CHALLENGE_STORE = Symbol('ChallengeStore');

/** No store could check the code: the guess revealed nothing to its caller. */
export class UnjudgedError extends ApiException {
  constructor(cause: unknown) {
    super('UNAVAILABLE', { cause });
  }
}

/** The code was right, and has been used: pressed twice, it is no guess. */
export class UsedCodeError extends ApiException {
  constructor() {
    super('INVALID_CODE', { reason: 'used' });
  }
}

/** What a caller claims to have been sent. */
export interface Guess {
  /** Or what stands for it: see `purposes.ts`. */
  readonly mobile: E164;
  /** What the tag of the challenge is if the code is right, by each secret. */
  readonly tags: readonly string[];
  /** The limits that a wrong guess counts against, and that refuse it. */
  readonly charges: Charges;
  /** Limits that a wrong guess counts against all the same, though they do not refuse this caller. */
  readonly counted?: Charges;
  /** Counts while a challenge lives. Once it is used up every code is wrong. */
  readonly lane?: Charges;
  /** Counts with the lane. Once it is used up a captcha is required. */
  readonly suspicion?: Charges;
  /** Counts with the lane, and refuses nobody. */
  readonly tally?: Charges;
  /** Only judges: a right guess leaves its challenge where it is. */
  readonly isDryRun?: boolean;
}

/** A challenge of a number, also one that is dead: stores keep them for {@link KEPT_MS}. */
export interface PastChallenge extends Challenge {
  readonly isUsed: boolean;
}

/** What a guess comes to that no challenge was found for. */
export class WrongCode {
  /** @param past what the store has seen on the way of the challenges of the number, as {@link ChallengeStore.recent}. */
  constructor(readonly past?: readonly PastChallenge[]) {}
}

/** Who types a code too late, or twice, does it within minutes. */
export const KEPT_MS = 10 * 60_000;

/** Where challenges wait for their login. All operations are atomic, on any number of nodes. */
export interface ChallengeStore {
  /**
   * Stores `candidate` unless its number has a challenge that lives for at least `leastLifeMs` more, and resolves to
   * the newest one. The code of the one before works on, until its end or that of the next but one.
   *
   * @param spare takes the place of a candidate that may be stored elsewhere already, although no word of it
   *   came: one of the two would be left when the other is consumed.
   */
  open(candidate: Challenge, spare?: Challenge, leastLifeMs?: number): Promise<Challenge>;

  /** Those that it still knows of, the newest first. */
  recent(mobile: E164): Promise<PastChallenge[]>;

  /** When the code of a number expires that was sent last; null when none works. */
  liveUntil(mobile: E164): Promise<Date | null>;

  /**
   * Removes the live challenge that the guess is right for. Of any number of parallel calls at most one
   * gets it; for any other the guess was counted.
   *
   * @throws ApiException `TOO_MANY_REQUESTS` or `CAPTCHA_REQUIRED`, with nothing judged.
   * @throws UsedCodeError for a code that was used, until its end and for `LOGIN_GRACE` at least, with nothing counted.
   * @throws UnjudgedError when the store that may know of one is away, with nothing counted.
   */
  consume(guess: Guess): Promise<Challenge | WrongCode>;
}

/** What is asked of a store that does not count by itself. */
export interface Judge {
  /** As {@link ChallengeStore.consume}, but null for a wrong guess. */
  consume(): Promise<Challenge | null>;
  /** Whether the number has a challenge. */
  lives(): Promise<boolean>;
}

/** Counts a guess before it is judged, so that parallel ones cannot pass together, and takes that back if it is right. */
export async function counted(
  limiter: LimiterService,
  { charges, counted: others = {}, lane = {}, suspicion = {}, tally = {} }: Guess,
  judge: Judge,
): Promise<Challenge | null> {
  const refund = await limiter.take(charges);
  const suspected = await limiter.attempt(suspicion);
  if (areAny(suspected.waits)) {
    await refund();
    const retryAfter = limiter.secondsOf(suspected.waits);
    throw new ApiException('CAPTCHA_REQUIRED', { retryAfter });
  }
  const laneRefund = await limiter.takeIfLeft(lane);
  const uncount = () => Promise.all([laneRefund?.(), suspected.refund()]);
  try {
    const challenge = laneRefund && (await judge.consume());
    if (challenge) await Promise.all([refund(), uncount()]);
    else {
      await limiter.takeIfLeft(others);
      const isLive = laneRefund && (await judge.lives());
      await (isLive ? limiter.takeIfLeft(tally) : uncount());
    }
    return challenge;
  } catch (error) {
    // After any other error the guess stays counted: a store may already have answered that it is wrong.
    if (error instanceof UnjudgedError || error instanceof UsedCodeError) {
      await Promise.all([refund(), uncount()]);
    }
    throw error;
  }
}
