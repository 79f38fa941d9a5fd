/**
 * The time that everything goes by: that of the database, which all nodes share. What a node's own clock
 * shows, and when it is set, changes nothing: since the last reading of the database's, twice a second,
 * a timer has counted that nobody can set. Until the first reading a node has only its own to go by.
 */
export class Clock {
  private shift = Date.now() - performance.now();

  /** Epoch milliseconds. */
  now(): number {
    return Math.round(performance.now() + this.shift);
  }

  date(): Date {
    return new Date(this.now());
  }

  /** Milliseconds since some moment, for what may end no sooner when even the database's clock is set. */
  elapsed(): number {
    return performance.now();
  }

  /** Milliseconds that this node's own clock is ahead. */
  get skew(): number {
    return Date.now() - this.now();
  }

  /** Follows a reading of the database's clock, which was right at some moment while `read` ran. */
  async follow(read: () => Promise<number>): Promise<number> {
    const startedAt = performance.now();
    const time = await read();
    const [least, most] = [time - performance.now(), time - startedAt];
    this.shift = Math.min(Math.max(this.shift, least), most);
    return time;
  }
}
