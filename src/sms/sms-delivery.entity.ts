import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, INTEGER, TIME } from '../common/columns';
import type { ProviderName } from '../config/sms-env';

/**
 * Who asks. `device`: one that has logged in to the number before. `home`: a network that the number was verified from. `fresh`:
 * everybody else, whether or not the number is one of a user.
 */
export type Audience = 'device' | 'home' | 'fresh';

/**
 * `refused`: because of the number. `unknown`: the provider did not say in time, and may have sent the
 * message all the same.
 */
export type DeliveryOutcome = 'sent' | 'refused' | 'failed' | 'unknown';

/** One attempt to hand a message to a provider. */
@Entity('sms_deliveries')
@Index('ix_sms_deliveries_network', ['network', 'verifiedAt'])
export class SmsDelivery {
  @PrimaryColumn(ID)
  id!: string;

  @Index('ix_sms_deliveries_challenge_id')
  @Column({ name: 'challenge_id', type: 'varchar', length: 32 })
  challengeId!: string;

  /** Masked. */
  @Column({ type: 'varchar', length: 16 })
  mobile!: string;

  /** Where it was asked for, to the /24 (IPv4) or /48 (IPv6). */
  @Column({ type: 'varchar', length: 45, nullable: true })
  network!: string | null;

  /** ISO 3166. */
  @Column({ type: 'varchar', length: 2 })
  country!: string;

  @Column({ type: 'varchar', length: 16 })
  provider!: ProviderName;

  @Column({ name: 'provider_message_id', type: 'varchar', length: 64, nullable: true })
  providerMessageId!: string | null;

  @Column({ type: 'varchar', length: 16 })
  outcome!: DeliveryOutcome;

  /** Millionths of the currency that the prices are in: what the budget was charged. */
  @Column({ ...INTEGER, type: 'bigint' })
  price!: number;

  @Column({ type: 'varchar', length: 16 })
  audience!: Audience;

  @Index('ix_sms_deliveries_created_at')
  @Column({ ...TIME, name: 'created_at' })
  createdAt!: Date;

  /** When somebody logged in with the code. */
  @Column({ ...TIME, name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;
}
