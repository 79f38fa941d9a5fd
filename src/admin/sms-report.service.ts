import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { SpendDto } from './dto/sms.dto';
import { CountedHoursService, type MessageCounts } from './hourly/counted-hours.service';

const DAY_MS = 86_400_000;
const MOST_DAYS = 31;

/** What messages cost. */
@Injectable()
export class SmsReportService {
  constructor(
    private readonly clock: Clock,
    private readonly hours: CountedHoursService,
  ) {}

  /** By day (UTC), country and provider. @throws ApiException `VALIDATION_FAILED` for more than 31 days. */
  async spend(from?: string, to?: string): Promise<SpendDto[]> {
    const end = to === undefined ? this.clock.now() : Date.parse(to);
    const start = from === undefined ? end - 6 * DAY_MS : Date.parse(from);
    const [first, last] = [start - (start % DAY_MS), end - (end % DAY_MS)];
    if (!(first <= last && last - first < MOST_DAYS * DAY_MS)) {
      const message = [`from and to must be ${MOST_DAYS} days at most, in their order`];
      throw new ApiException('VALIDATION_FAILED', { message });
    }
    return this.sums(first, last + DAY_MS);
  }

  private async sums(from: number, to: number): Promise<SpendDto[]> {
    const sums = new Map<string, MessageCounts>();
    for (const counts of await this.hours.messages({ from, to, stepMs: DAY_MS })) {
      const key = `${counts.start} ${counts.country} ${counts.provider}`;
      const before = sums.get(key);
      sums.set(key, before ? added(before, counts) : counts);
    }
    return [...sums.values()].toSorted(newestFirst).map(({ start, price, ...counts }) => ({
      day: new Date(start).toISOString().slice(0, 10),
      ...counts,
      spent: price / 1e6,
    }));
  }
}

const added = (one: MessageCounts, other: MessageCounts): MessageCounts => ({
  ...one,
  messages: one.messages + other.messages,
  sent: one.sent + other.sent,
  used: one.used + other.used,
  price: one.price + other.price,
});

function newestFirst(one: MessageCounts, other: MessageCounts): number {
  if (one.start !== other.start) return other.start - one.start;
  const [a, b] = [one, other].map(({ country, provider }) => `${country} ${provider}`);
  return a! < b! ? -1 : 1;
}
