import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, INTEGER, TIME } from '../common/columns';

/** Somebody who is told of events. */
@Entity('webhook_endpoints')
export class WebhookEndpoint {
  @PrimaryColumn(ID)
  id!: string;

  @Column({ type: 'varchar', length: 500 })
  url!: string;

  /** Types of events, or `*`, separated by spaces. */
  @Column({ type: 'varchar', length: 1000 })
  events!: string;

  /** Whether it gets full numbers. */
  @Column(INTEGER)
  pii!: 0 | 1;

  /** Its secret is derived from it: no key is stored. */
  @Column({ ...INTEGER, name: 'secret_version' })
  secretVersion!: number;

  /** Until then the secret before signs, too. */
  @Column({ ...TIME, name: 'overlap_until', nullable: true })
  overlapUntil!: Date | null;

  /** The last event that was given to it, in the order of events. */
  @Column({ ...ID, name: 'position' })
  position!: string;

  @Column({ ...TIME, name: 'created_at' })
  createdAt!: Date;

  /** Since when every attempt has failed. */
  @Column({ ...TIME, name: 'failing_since', nullable: true })
  failingSince!: Date | null;

  @Index('ix_webhook_endpoints_disabled_at')
  @Column({ ...TIME, name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;

  @Column({ name: 'disabled_reason', type: 'varchar', length: 16, nullable: true })
  disabledReason!: 'gone' | 'failing' | null;
}
