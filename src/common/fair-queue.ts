/** Where somebody queues, from the many who are counted together to one: each key names a branch of the one before. */
export type Lane = readonly string[];

/** Waits for its turn, then runs the work. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Bounds how many attempts there are at a time, and how many of them work. Both fairly at every branch: a turn goes round
 * its branches, so that nobody waits behind all that another one has brought, and each branch may hold no more than the
 * room that it leaves to the others (Choudhury and Hahne, Dynamic Queue Length Thresholds, 1998).
 */
export class FairQueue {
  private readonly root = new Branch();
  private running = 0;

  constructor(
    /** How many work at a time. */
    private readonly width: number,
    /** How many attempts would fill it. One branch alone gets half of it. */
    private readonly capacity: number,
  ) {}

  /** Whether one more attempt may enter. @param capacity of this moment, where it changes. */
  hasRoom(lane: Lane, capacity = this.capacity): boolean {
    let branch: Branch | undefined = this.root;
    let room = capacity;
    for (const key of lane) {
      room -= branch?.held ?? 0;
      branch = branch?.branches.get(key);
      if ((branch?.held ?? 0) >= room) return false;
    }
    return true;
  }

  async enter<T>(lane: Lane, attempt: (turn: Turn) => Promise<T>): Promise<T> {
    const place = this.root.enter(lane);
    try {
      return await attempt((work) => this.inTurn(place, work));
    } finally {
      this.root.leave(lane);
    }
  }

  private async inTurn<T>({ waiting }: Branch, work: () => Promise<T>): Promise<T> {
    if (this.running < this.width) this.running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  /** To the next one at once: whoever comes meanwhile does not get in between. */
  private passOn(): void {
    const proceed = this.root.next();
    if (proceed) proceed();
    else this.running -= 1;
  }
}

class Branch {
  /** The one whose turn comes next first. */
  readonly branches = new Map<string, Branch>();
  readonly waiting: (() => void)[] = [];
  /** Attempts in it, whether they wait, work or do something else. */
  held = 0;

  /** @returns the last branch of the lane. */
  enter([key, ...rest]: Lane): Branch {
    this.held += 1;
    if (key === undefined) return this;
    const branch = this.branches.get(key) ?? new Branch();
    this.branches.set(key, branch);
    return branch.enter(rest);
  }

  leave([key, ...rest]: Lane): void {
    this.held -= 1;
    if (key === undefined) return;
    const branch = this.branches.get(key)!;
    branch.leave(rest);
    if (branch.held === 0) this.branches.delete(key);
  }

  /** Whose turn it is. */
  next(): (() => void) | undefined {
    if (this.waiting.length > 0) return this.waiting.shift();
    for (const [key, branch] of this.branches) {
      const proceed = branch.next();
      if (!proceed) continue;
      this.branches.delete(key);
      this.branches.set(key, branch);
      return proceed;
    }
    return undefined;
  }
}
