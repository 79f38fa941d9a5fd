interface Event {
  at: number;
  /** Runs in the browser, so not while that sleeps. */
  readonly isOfDevice: boolean;
  readonly action: () => void;
}

const isOfWorld = (event: Event) => !event.isOfDevice;

/** A time of our own, and what is going to happen in it. */
export class Events {
  now = Date.parse('2026-01-01T00:00:00Z');
  private queue: Event[] = [];

  /** @returns what cancels it. */
  after(milliseconds: number, isOfDevice: boolean, action: () => void): () => void {
    const event = { at: this.now + Math.max(milliseconds, 0), isOfDevice, action };
    this.queue.push(event);
    return () => {
      this.queue = this.queue.filter((other) => other !== event);
    };
  }

  async pass(milliseconds: number): Promise<void> {
    await settled();
    const end = this.now + milliseconds;
    for (let event = this.next(end); event; event = this.next(end)) await this.run(event);
    this.now = end;
    await settled();
  }

  /** Time in which only the rest of the world goes on. What the device has missed comes afterwards. */
  async sleep(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (let event = this.next(end, isOfWorld); event; event = this.next(end, isOfWorld)) {
      await this.run(event);
    }
    this.now = end;
    for (const event of this.queue) event.at = Math.max(event.at, end);
  }

  private next(end: number, isWanted: (event: Event) => boolean = () => true): Event | undefined {
    let first: Event | undefined;
    for (const event of this.queue) {
      if (event.at <= end && isWanted(event) && (!first || event.at < first.at)) first = event;
    }
    return first;
  }

  private async run(event: Event): Promise<void> {
    this.queue.splice(this.queue.indexOf(event), 1);
    this.now = Math.max(this.now, event.at);
    event.action();
    await settled();
  }
}

/** When every promise that can be kept without time has been. */
export const settled = () => new Promise<void>((done) => setImmediate(done));
