import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, INTEGER, TIME } from '../common/columns';
import type { ProviderName } from '../config/sms-env';

/**
 * Who asks. `device`: one that has logged in to the number before. `home`: a network that the number was verified from. `fresh`:
 * everybody else, whether or not the number is one of a user. `notice`: nobody, it tells of what was done in an account.
 */
export type Audience = 'device' | 'home' | 'fresh' | 'notice';

/**
 * `refused`: because of the number. `unknown`: the provider did not say in time, and may have sent the
 * message all the same.
 */
export const DELIVERY_OUTCOMES = ['sent', 'refused', 'failed', 'unknown'] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];

/** One attempt to hand a message to a provider. */
@Entity('sms_deliveries')
@Index('ix_sms_deliveries_network', ['network', 'verifiedAt'])
@Index('ix_sms_deliveries_number_ref', ['numberRef', 'createdAt'])
@Index('ix_sms_deliveries_host', ['host', 'verifiedAt'])
@Index('ix_sms_deliveries_country', ['country', 'id'])
@Index('ix_sms_deliveries_provider', ['provider', 'id'])
@Index('ix_sms_deliveries_outcome', ['outcome', 'id'])
export class SmsDelivery {
  @PrimaryColumn(ID)
  id!: string;

  /** Of a code; `notice …` with the id of a notice. */
  @Index('ix_sms_deliveries_challenge_id')
  @Column({ name: 'challenge_id', type: 'varchar', length: 32 })
  challengeId!: string;

  /** Masked. */
  @Column({ type: 'varchar', length: 16 })
  mobile!: string;

  /** Stands for the number, as `NumberRefsService` seals it: by it is found what went to one. */
  @Column({ name: 'number_ref', type: 'varchar', length: 43, nullable: true })
  numberRef!: string | null;

  /** Where it was asked for, to the /24 (IPv4) or /48 (IPv6). */
  @Column({ type: 'varchar', length: 45, nullable: true })
  network!: string | null;

  /** All that the operator of this network holds, as far as is known. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  host!: string | null;

  /** ISO 3166. */
  @Column({ type: 'varchar', length: 2 })
  country!: string;

  @Column({ type: 'varchar', length: 16 })
  provider!: ProviderName;

  @Index('ix_sms_deliveries_message')
  @Column({ name: 'provider_message_id', type: 'varchar', length: 64, nullable: true })
  providerMessageId!: string | null;

  @Column({ type: 'varchar', length: 16 })
  outcome!: DeliveryOutcome;

  /** Why the provider did not take it, by its own code; null for a message that it took. */
  @Column({ name: 'failure_code', type: 'varchar', length: 100, nullable: true })
  failureCode!: string | null;

  /** Millionths of the currency that the prices are in: what the budget was charged. */
  @Column({ ...INTEGER, type: 'bigint' })
  price!: number;

  /** Whose shares of the budget it took from, as `Level`s with commas between: a code that is used gives these back. */
  @Column({ name: 'taken_from', type: 'varchar', length: 16, nullable: true })
  takenFrom!: string | null;

  @Column({ type: 'varchar', length: 16 })
  audience!: Audience;

  @Index('ix_sms_deliveries_created_at')
  @Column({ ...TIME, name: 'created_at' })
  createdAt!: Date;

  /** When somebody logged in with the code. */
  @Column({ ...TIME, name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;

  /** What the provider says has become of it; null while it has not. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  receipt!: 'delivered' | 'failed' | null;

  /** The provider's word for it. */
  @Column({ name: 'receipt_code', type: 'varchar', length: 64, nullable: true })
  receiptCode!: string | null;

  @Column({ ...TIME, name: 'delivered_at', nullable: true })
  deliveredAt!: Date | null;
}
