import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import type { SpendDto } from './dto/sms.dto';

const DAY_MS = 86_400_000;
const MOST_DAYS = 31;

/** What messages cost. */
@Injectable()
export class SmsReportService {
  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
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
    const rows = await select(
      this.dataSource,
      rowsOf<SumRow>(sql`SELECT created_at - created_at % ${DAY_MS} AS day, country, provider,
          COUNT(*) AS messages, SUM(CASE WHEN outcome = 'sent' THEN 1 ELSE 0 END) AS sent,
          SUM(CASE WHEN verified_at IS NULL THEN 0 ELSE 1 END) AS used, SUM(price) AS price
        FROM ${nameIn(this.dataSource, 'sms_deliveries')}
        WHERE created_at >= ${from} AND created_at < ${to}
        GROUP BY day, country, provider ORDER BY day DESC, country, provider`),
    );
    return rows.map((row) => ({
      day: new Date(Number(row.day)).toISOString().slice(0, 10),
      country: row.country,
      provider: row.provider,
      messages: Number(row.messages),
      sent: Number(row.sent),
      used: Number(row.used),
      spent: Number(row.price) / 1e6,
    }));
  }
}

interface SumRow {
  day: Integer;
  country: string;
  provider: string;
  messages: Integer;
  sent: Integer;
  used: Integer;
  price: Integer;
}
