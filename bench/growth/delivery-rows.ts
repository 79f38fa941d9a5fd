import type { Pool } from 'mysql2/promise';
import { EPOCH, ID_BITS } from './population';
import { fillSorted } from './sorted-indexes';

const QUARTER = 90 * 86_400_000;
const CHUNK = 500_000;

/** The messages of a quarter, evenly: most go to one country by one provider, are taken, delivered and used. */
export class DeliveryRows {
  private readonly now = Date.now();

  constructor(
    private readonly sql: Pool,
    readonly count: number,
  ) {}

  load(): Promise<void> {
    return fillSorted(this.sql, 'sms_deliveries', async () => {
      for (let from = 1; from <= this.count; from += CHUNK) {
        await this.sql.query(this.rows(from, Math.min(from + CHUNK - 1, this.count)));
      }
    });
  }

  private rows(from: number, to: number): string {
    const at = `(${this.now - QUARTER} + (seq * ${QUARTER}) DIV ${this.count + 1})`;
    const country = `IF(seq % 5000 = 0, 'FJ', IF(seq % 10 = 0, 'HK', 'CN'))`;
    const isUsed = `seq % 7 > 0`;
    return `INSERT INTO sms_deliveries (id, challenge_id, mobile, number_ref, network, country, provider,
        provider_message_id, outcome, price, audience, created_at, verified_at, receipt, delivered_at)
      SELECT ((${at} - ${EPOCH}) << ${ID_BITS}) + seq % 1024, MD5(seq),
        CONCAT(ELT(FIELD(${country}, 'FJ', 'HK', 'CN'), '+679', '+852', '+86138'), '****', LPAD(seq % 10000, 4, '0')),
        CONCAT(MD5(-seq), '-seeded-row'), CONCAT_WS('.', 1 + seq % 223, seq % 251, seq % 253, '0/24'), ${country},
        IF(seq % 20000 = 0, 'twilio', IF(seq % 3 = 0, 'tencent', 'aliyun')), CONCAT('message-', seq),
        IF(seq % 1000 > 0, 'sent', ELT(1 + (seq DIV 1000) % 3, 'refused', 'failed', 'unknown')), 10000,
        ELT(1 + seq % 3, 'device', 'home', 'fresh'), ${at}, IF(${isUsed}, ${at} + 20000, NULL),
        IF(seq % 50, 'delivered', 'failed'), ${at} + 3000
      FROM seq_${from}_to_${to}`;
  }
}
