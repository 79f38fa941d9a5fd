import { FairQueue, type Lane } from '../common/fair-queue';

/** A throttled account is taken for one that is not, once nothing was throttled for so long. */
const FORGOTTEN_AFTER_MS = 60_000;
/** Over which the messages are counted that an account takes. */
const MEASURED_MS = 1000;
/** That are remembered. */
const MAX_TAKEN = 1000;
/** Where a provider does not say how long it takes nothing. */
const DEFAULT_WAIT_MS = 1000;
/** What the pace becomes with each message that is taken, and with one that is not all the same. */
const FASTER = 0.98;
const SLOWER = 1.5;
/** Of the queue at its first fork, where each alone may hold as many as have a turn in time. */
const BRANCHES = 2;
/** Than what was measured. */
const MOST_FASTER = 2;

/**
 * The pace at which an account of a provider takes messages, once it has said that there are too many: what it took in the
 * second before, then what it takes. Those who wait go out in a fair order: a turn goes round their lanes. Each process
 * finds its own pace, which is its part of what all may send.
 */
export class AccountPace {
  private readonly queue = new FairQueue(1, 0);
  /** When messages were taken, the newest last. */
  private taken: number[] = [];
  /** Between two messages. */
  private interval = 0;
  /** What {@link interval} was at first. */
  private measured = 0;
  private throttledAt = -Infinity;
  private nextAt = 0;

  /** @param elapsed milliseconds since some moment. */
  constructor(private readonly elapsed: () => number) {}

  get isThrottled(): boolean {
    return this.elapsed() < Math.max(this.throttledAt + FORGOTTEN_AFTER_MS, this.nextAt);
  }

  /** Messages in a second. */
  get rate(): number {
    return 1000 / this.interval;
  }

  /** Seconds until the account takes a message of somebody who has not waited yet. */
  get waitSeconds(): number {
    return Math.max(1, Math.ceil((this.nextAt - this.elapsed()) / 1000));
  }

  /**
   * Waits for a turn.
   *
   * @returns false when none would come within these milliseconds: at once, where that is known.
   */
  async turn(lane: Lane, milliseconds: number): Promise<boolean> {
    if (!this.isThrottled) return true;
    const deadline = this.elapsed() + milliseconds;
    const turns = (deadline - Math.max(this.nextAt, this.elapsed())) / this.interval;
    if (!this.queue.hasRoom(lane, turns * BRANCHES)) return false;
    const turn = this.queue.enter(lane, (inTurn) => inTurn(() => this.slot(deadline)));
    return within(milliseconds, turn);
  }

  noteTaken(): void {
    this.taken.push(this.elapsed());
    if (this.taken.length > MAX_TAKEN) this.taken.shift();
    this.interval = Math.max(this.interval * FASTER, this.measured / MOST_FASTER);
  }

  /**
   * @param sentAt by {@link elapsed}: what was under way when the first one came back teaches nothing more.
   * @returns whether the account was not throttled before.
   */
  noteThrottled(sentAt: number, waitSeconds?: number): boolean {
    const isFirst = !this.isThrottled;
    if (!isFirst && sentAt < this.throttledAt) return false;
    const now = this.elapsed();
    if (isFirst) this.interval = this.measured = MEASURED_MS / this.takenSince(now - MEASURED_MS);
    else this.interval *= SLOWER;
    this.nextAt = now + (waitSeconds === undefined ? DEFAULT_WAIT_MS : waitSeconds * 1000);
    this.throttledAt = now;
    return isFirst;
  }

  /** One at least. */
  private takenSince(moment: number): number {
    this.taken = this.taken.filter((at) => at > moment);
    return Math.max(1, this.taken.length);
  }

  /** Of those who wait only the one whose turn it is does so here. */
  private async slot(deadline: number): Promise<boolean> {
    while (this.nextAt > this.elapsed()) {
      if (this.nextAt > deadline) return false;
      await delay(this.nextAt - this.elapsed());
    }
    if (this.elapsed() > deadline) return false;
    this.nextAt = Math.max(this.nextAt, this.elapsed() - this.interval) + this.interval;
    return true;
  }
}

const delay = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function within(milliseconds: number, turn: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  return Promise.race([turn, late]).finally(() => clearTimeout(timer));
}
