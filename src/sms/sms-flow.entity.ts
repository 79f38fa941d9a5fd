import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { INTEGER } from '../common/columns';

/**
 * A bucket into which money flows all the time, and how far it is used up: each column is the moment, in microseconds since
 * 1970, at which the bucket of that share is full again if nothing more is taken.
 */
@Entity('sms_flows')
export class SmsFlow {
  /** `*`, a country, a network, or the digest of a number. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  scope!: string;

  /** What strangers may use. */
  @Column({ ...INTEGER, type: 'bigint' })
  fresh!: number;

  /** What strangers, and users in a network that their number was verified from, may use together. */
  @Column({ ...INTEGER, type: 'bigint' })
  home!: number;

  @Index('ix_sms_flows_total')
  @Column({ ...INTEGER, type: 'bigint' })
  total!: number;
}
