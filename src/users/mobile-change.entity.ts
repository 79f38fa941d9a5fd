import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, TIME } from '../common/columns';
import type { E164 } from '../common/phone-number';

/**
 * `open`: a code is under way to the new number. `ordered`: an operator has, the new number is kept until its holder logs in. `pending`: proved, and waits. `moved`: the old number is reserved. `undone`:
 * it is the user's again, and the new one is reserved. `recovery`: both were proved against each other, an operator decides. `claimed`:
 * the number stays, who proved it says that the account is theirs, and shows no password.
 */
export const ACTIVE_STATES = [
  'open',
  'ordered',
  'pending',
  'moved',
  'undone',
  'recovery',
  'claimed',
] as const;

/** How it ended. `taken`: the number was another user's by then. `detached`: whoever proved it was somebody else. */
export const END_STATES = ['confirmed', 'reverted', 'cancelled', 'taken', 'detached'] as const;

export type MobileChangeState = (typeof ACTIVE_STATES)[number] | (typeof END_STATES)[number];

/** What its user had proved, who has asked for it in a session, beside the code to the new number; or whose order it is. */
export type MobileChangeProof = 'code' | 'password' | 'operator';

/** A user who takes another number. While one is reserved, a row of `users` has the same id: see `RESERVED`. */
@Entity('mobile_changes')
@Index('ix_mobile_changes_user_id', ['userId'])
@Index('ix_mobile_changes_due_at', ['dueAt'])
@Index('ix_mobile_changes_from_mobile', ['fromMobile'])
export class MobileChange {
  @PrimaryColumn(ID)
  id!: string;

  @Column({ ...ID, name: 'user_id' })
  userId!: string;

  /** The user, while it is active: so a user has one at a time. */
  @Index('uq_mobile_changes_active_of', { unique: true })
  @Column({ ...ID, name: 'active_of', nullable: true })
  activeOf!: string | null;

  /** Where it was asked for, and must be proved; null for one of an operator. */
  @Column({ ...ID, name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column({ type: 'varchar', length: 16 })
  state!: MobileChangeState;

  @Column({ type: 'varchar', length: 16 })
  proof!: MobileChangeProof;

  /** Null for a user who had none. */
  @Column({ name: 'from_mobile', type: 'varchar', length: 16, nullable: true })
  fromMobile!: E164 | null;

  /** The same where none moves: of one that is claimed or detached. */
  @Column({ name: 'to_mobile', type: 'varchar', length: 16 })
  toMobile!: E164;

  /** Whose code proved the new number. */
  @Column({ name: 'challenge_id', type: 'varchar', length: 32, nullable: true })
  challengeId!: string | null;

  @Column({ ...TIME, name: 'created_at' })
  createdAt!: Date;

  @Column({ ...TIME, name: 'proved_at', nullable: true })
  provedAt!: Date | null;

  @Column({ ...TIME, name: 'moved_at', nullable: true })
  movedAt!: Date | null;

  /** When its state comes to an end by itself. */
  @Column({ ...TIME, name: 'due_at', nullable: true })
  dueAt!: Date | null;

  @Column({ ...TIME, name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  /** The username as it was before the number moved, unless it was as young as what an undoing takes away. */
  @Column({ type: 'varchar', length: 32, nullable: true })
  username!: string | null;

  /** The password as it was before the number moved, and since when. */
  @Column({ name: 'password_hash', type: 'varchar', length: 128, nullable: true, select: false })
  passwordHash!: string | null;

  @Column({ ...TIME, name: 'password_set_at', nullable: true })
  passwordSetAt!: Date | null;
}
