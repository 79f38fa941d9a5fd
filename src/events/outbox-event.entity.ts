import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, TIME } from '../common/columns';
import type { EventType } from './event-types';

/** What has happened, for whoever is to be told: written in the transaction of the change, kept for 30 days. */
@Entity('outbox')
export class OutboxEvent {
  /** That of the row in `audit_events` which tells of the same; `evt_` before it is the id of the event. */
  @PrimaryColumn(ID)
  id!: string;

  @Column({ ...TIME, name: 'at' })
  at!: Date;

  @Column({ type: 'varchar', length: 32 })
  type!: EventType;

  @Column({ ...ID, name: 'user_id', nullable: true })
  userId!: string | null;

  @Column({ ...ID, name: 'session_id', nullable: true })
  sessionId!: string | null;

  /** A JSON object of ids and closed sets; whatever else readers get is looked up when they do. */
  @Column({ type: 'varchar', length: 1000, nullable: true })
  data!: string | null;

  /** Its place in the one order of all events, without gaps; null until it has been given one, after the commit. */
  @Index('uq_outbox_position', { unique: true })
  @Column({ ...ID, name: 'position', nullable: true })
  position!: string | null;
}
