import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Connection } from './connection';

export interface Pace {
  readonly amount: number;
  readonly requestsPerSecond: number;
}

/** What became of a request, and when: its turn came, the sender saw it, the answer was there. */
export interface Course {
  readonly turn: number;
  readonly seen: number;
  readonly answered: number;
  readonly answer: Answer;
}

/** Only sends and keeps: answers are looked at when all are there, so that nothing delays the next request. */
export class PacedRun {
  private readonly courses: Course[] = [];
  private readonly start = performance.now();
  private readonly seen: number[] = [];
  private sent = 0;
  private answered = 0;

  constructor(
    private readonly free: Connection[],
    private readonly requests: Buffer[],
    private readonly pace: Pace,
  ) {}

  /** Wakes up each millisecond for what has come due: to wait for less would take a core from the server. */
  async send(): Promise<Course[]> {
    while (this.answered < this.pace.amount) {
      await delay(1);
      this.see(performance.now());
      this.sendSeen();
    }
    return this.courses;
  }

  private see(now: number): void {
    while (this.seen.length < this.pace.amount && this.turnOf(this.seen.length) <= now)
      this.seen.push(now);
  }

  /** What finds no free connection waits for one, and its time runs. */
  private sendSeen(): void {
    while (this.sent < this.seen.length && this.free.length > 0)
      void this.exchange(this.sent++, this.free.shift()!);
  }

  private async exchange(index: number, connection: Connection): Promise<void> {
    const answer = await connection.ask(this.requests[index % this.requests.length]!);
    const [turn, seen, answered] = [this.turnOf(index), this.seen[index]!, performance.now()];
    this.courses[index] = { turn, seen, answered, answer };
    this.answered++;
    this.free.push(connection);
    this.sendSeen();
  }

  private turnOf(index: number): number {
    return this.start + (index / this.pace.requestsPerSecond) * 1000;
  }
}
