import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, TIME } from '../common/columns';
import type { Action } from './actions';
import type { Actor } from './change';

/** Who did what to whom, written in the transaction that does it, and never changed but to erase what is personal. */
@Entity('audit_events')
@Index('ix_audit_events_user_id', ['userId', 'id'])
@Index('ix_audit_events_number_ref', ['numberRef', 'id'])
@Index('ix_audit_events_request_id', ['requestId'])
@Index('ix_audit_events_action', ['action', 'id'])
@Index('ix_audit_events_seal', ['seal', 'id'])
export class AuditEvent {
  @PrimaryColumn(ID)
  id!: string;

  @Column({ ...TIME, name: 'at' })
  at!: Date;

  @Column({ type: 'varchar', length: 32 })
  action!: Action;

  @Column({ name: 'actor_kind', type: 'varchar', length: 16 })
  actorKind!: Actor['kind'];

  @Column({ name: 'actor_id', type: 'varchar', length: 64, nullable: true })
  actorId!: string | null;

  /** Whom it is about. */
  @Column({ ...ID, name: 'user_id', nullable: true })
  userId!: string | null;

  @Column({ ...ID, name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  reason!: string | null;

  /** A JSON object without anything personal. */
  @Column({ type: 'varchar', length: 1000, nullable: true })
  detail!: string | null;

  /** A JSON object of what erasing takes away: the network, the country and the last digits of a number. */
  @Column({ type: 'varchar', length: 500, nullable: true })
  personal!: string | null;

  /** The number that it is about, where it is no user's yet, as `NumberRefsService` seals it. Goes with {@link personal}. */
  @Column({ name: 'number_ref', type: 'varchar', length: 43, nullable: true })
  numberRef!: string | null;

  /** A random key of {@link digest}: with it goes all that could be found out by trying. */
  @Column({ type: 'varchar', length: 22, nullable: true })
  salt!: string | null;

  /** Stays when the personal part is erased, so that the seal still fits. */
  @Column({ type: 'varchar', length: 43, nullable: true })
  digest!: string | null;

  @Column({ name: 'request_id', type: 'varchar', length: 64, nullable: true })
  requestId!: string | null;

  /** The `AuditSeal` that covers it; null for up to a minute. */
  @Column({ ...ID, name: 'seal', nullable: true })
  seal!: string | null;
}
