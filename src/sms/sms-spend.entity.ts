import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INTEGER } from '../common/columns';

/** What the messages of a day cost, in millionths of the currency that the prices are in. */
@Entity('sms_spend')
export class SmsSpend {
  /** `2026-01-31`, UTC. */
  @PrimaryColumn({ type: 'varchar', length: 10 })
  day!: string;

  /** A country, or `*` for all of them together. */
  @PrimaryColumn({ type: 'varchar', length: 2 })
  scope!: string;

  @Column({ ...INTEGER, type: 'bigint' })
  total!: number;

  /** The part of `total` that came from what strangers may use. */
  @Column({ ...INTEGER, type: 'bigint' })
  fresh!: number;

  /** The highest per cent of its budget that was reported: 0, 80 or 100. */
  @Column({ ...INTEGER, name: 'total_alert' })
  totalAlert!: number;

  @Column({ ...INTEGER, name: 'fresh_alert' })
  freshAlert!: number;
}
