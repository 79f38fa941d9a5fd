import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, INTEGER, TIME } from '../common/columns';
import type { EventType } from '../events/event-types';
import type { CallFailure } from './calls/call-failure';

/** One attempt to tell an endpoint of an event: first due, then made. What was sent and answered is not kept. */
@Entity('webhook_attempts')
@Index('uq_webhook_attempts_attempt', ['endpointId', 'eventId', 'series', 'attempt'], {
  unique: true,
})
@Index('ix_webhook_attempts_due', ['endpointId', 'dueAt'])
@Index('ix_webhook_attempts_endpoint', ['endpointId', 'id'])
export class WebhookAttempt {
  @PrimaryColumn(ID)
  id!: string;

  @Column({ ...ID, name: 'endpoint_id' })
  endpointId!: string;

  @Column({ ...ID, name: 'event_id' })
  eventId!: string;

  @Column({ type: 'varchar', length: 32 })
  type!: EventType;

  /** 0, or the id of a replay, which begins to count anew. */
  @Column({ ...ID, name: 'series' })
  series!: string;

  /** 1, 2, 3 and so on. */
  @Column(INTEGER)
  attempt!: number;

  /** Null once it was made. */
  @Column({ ...TIME, name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column({ ...TIME, name: 'made_at', nullable: true })
  madeAt!: Date | null;

  /** Of the answer. */
  @Column({ ...INTEGER, name: 'status', nullable: true })
  status!: number | null;

  /** Null for one that was answered with 2xx. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  failure!: CallFailure | null;

  @Column({ ...INTEGER, name: 'milliseconds', nullable: true })
  milliseconds!: number | null;
}
