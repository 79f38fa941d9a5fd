import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INTEGER, TIME } from '../../common/columns';

/** What was sent to a country by a provider in an hour, counted when nothing of it changes any more. */
@Entity('message_hours')
export class MessageHour {
  @PrimaryColumn(TIME)
  start!: Date;

  @PrimaryColumn({ type: 'varchar', length: 2 })
  country!: string;

  @PrimaryColumn({ type: 'varchar', length: 16 })
  provider!: string;

  @Column(INTEGER)
  messages!: number;

  /** Those that the provider took. */
  @Column(INTEGER)
  sent!: number;

  /** Those with whose code somebody logged in. */
  @Column(INTEGER)
  used!: number;

  /** Millionths of the currency that the prices are in. */
  @Column({ ...INTEGER, type: 'bigint' })
  price!: number;
}
