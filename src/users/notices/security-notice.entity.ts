import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, TIME } from '../../common/columns';
import type { NoticeKind } from '../../common/notice-kinds';

/** Something in an account that its user should know of, in case it was not they who did it. */
@Entity('security_notices')
@Index('ix_security_notices_user_id', ['userId', 'id'])
export class SecurityNotice {
  @PrimaryColumn(ID)
  id!: string;

  @Column({ ...ID, name: 'user_id' })
  userId!: string;

  @Column({ type: 'varchar', length: 32 })
  kind!: NoticeKind;

  @Column({ ...TIME, name: 'at' })
  at!: Date;

  /** In which it was done; null where no session of the user did it. */
  @Column({ ...ID, name: 'session_id', nullable: true })
  sessionId!: string | null;

  /** When the user was seen to know of it. */
  @Column({ ...TIME, name: 'acknowledged_at', nullable: true })
  acknowledgedAt!: Date | null;

  /** From when on a message is to be sent; null where none is, any more. */
  @Index('ix_security_notices_message_due_at')
  @Column({ ...TIME, name: 'message_due_at', nullable: true })
  messageDueAt!: Date | null;

  /** Whom it goes to, as `NumberRefsService` seals it; null for the number that is the user's then. */
  @Column({ name: 'number_ref', type: 'varchar', length: 43, nullable: true })
  numberRef!: string | null;
}
