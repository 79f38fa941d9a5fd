import type { Clock } from '../common/clock';
import type { Count, Counters, Taken } from './counters';

interface Window {
  taken: number;
  /** By {@link Clock.elapsed}. */
  readonly endsAt: number;
}

/** Of one limit. The windows of all of them together take less than 50 MB. */
const MAX_BUCKETS = 10_000;

/** Counts in this process, in bounded memory. */
export class LocalCounters implements Counters {
  /** By limit, then bucket; windows of one limit last equally long, so that the oldest ends first. */
  private readonly windows = new Map<string, Map<string, Window>>();

  constructor(
    private readonly clock: Clock,
    private readonly maxBuckets = MAX_BUCKETS,
  ) {}

  async take(counts: readonly Count[], unless: readonly Count[] = []): Promise<Taken> {
    const waits = [...counts, ...unless].map((count) => this.waitOf(count));
    if (!waits.every((wait) => wait === 0)) return { waits, next: [] };
    for (const count of counts) this.add(count);
    return { waits, next: counts.map((count) => this.waitOf(count)) };
  }

  async waits(counts: readonly Count[]): Promise<number[]> {
    return counts.map((count) => this.waitOf(count));
  }

  async used(counts: readonly Count[]): Promise<number[]> {
    return counts.map((count) => this.windowOf(count)?.taken ?? 0);
  }

  async giveBack(counts: readonly Count[], anew: readonly Count[] = []): Promise<void> {
    await this.reset(anew);
    for (const count of counts) {
      const window = this.windowOf(count);
      if (window && --window.taken === 0) this.bucketsOf(count).delete(count.bucket);
    }
  }

  async reset(counts: readonly Count[]): Promise<void> {
    for (const count of counts) this.bucketsOf(count).delete(count.bucket);
  }

  private waitOf(count: Count): number {
    const window = this.windowOf(count);
    if (window) return window.taken < count.points ? 0 : window.endsAt - this.clock.elapsed();
    return count.whenFull === 'refuse' ? this.waitForRoom(count) : 0;
  }

  private waitForRoom(count: Count): number {
    const buckets = this.bucketsOf(count);
    this.dropEnded(buckets);
    const [oldest] = buckets.size < this.maxBuckets ? [] : buckets.values();
    return oldest ? oldest.endsAt - this.clock.elapsed() : 0;
  }

  private add(count: Count): void {
    const window = this.windowOf(count);
    if (window) {
      window.taken += 1;
      return;
    }
    const buckets = this.bucketsOf(count);
    this.dropEnded(buckets);
    if (buckets.size >= this.maxBuckets) buckets.delete(buckets.keys().next().value!);
    const endsAt = this.clock.elapsed() + count.windowSeconds * 1000;
    buckets.delete(count.bucket);
    buckets.set(count.bucket, { taken: 1, endsAt });
  }

  /** The one that has not ended. */
  private windowOf(count: Count): Window | undefined {
    const window = this.bucketsOf(count).get(count.bucket);
    return window && window.endsAt > this.clock.elapsed() ? window : undefined;
  }

  private bucketsOf({ name }: Count): Map<string, Window> {
    let buckets = this.windows.get(name);
    if (!buckets) this.windows.set(name, (buckets = new Map()));
    return buckets;
  }

  private dropEnded(buckets: Map<string, Window>): void {
    for (const [bucket, { endsAt }] of buckets) {
      if (endsAt > this.clock.elapsed()) return;
      buckets.delete(bucket);
    }
  }
}
