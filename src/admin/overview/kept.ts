import type { Clock } from '../../common/clock';

interface Answer<T> {
  readonly until: number;
  readonly of: Promise<T>;
}

/** What is read once for all who look meanwhile. */
export class Kept<T> {
  private answer: Answer<T> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly forMs: number,
    private readonly read: () => Promise<T>,
  ) {}

  get(): Promise<T> {
    const now = this.clock.elapsed();
    if (this.answer && now < this.answer.until) return this.answer.of;
    const answer = { until: now + this.forMs, of: this.read() };
    this.answer = answer;
    answer.of.catch(() => this.answer === answer && (this.answer = undefined));
    return answer.of;
  }
}
