import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { INTEGER } from '../common/columns';

/** How many of the codes that strangers asked for in a minute were used. */
@Entity('sms_conversions')
export class SmsConversion {
  /** The prefix that a block of numbers shares. */
  @PrimaryColumn({ type: 'varchar', length: 16 })
  scope!: string;

  /** Minutes since 1970, of the first message of the challenge. */
  @Index('ix_sms_conversions_minute')
  @PrimaryColumn({ ...INTEGER, type: 'bigint' })
  minute!: number;

  @Column(INTEGER)
  sent!: number;

  @Column(INTEGER)
  verified!: number;
}
