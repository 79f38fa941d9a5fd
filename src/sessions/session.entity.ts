import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, INTEGER, TIME } from '../common/columns';

/** Why a session ended. The owner sees it in their list, operators in SQL. */
export const END_REASONS = [
  'logout',
  'revoked',
  'replaced',
  'disabled',
  'reuse',
  'expired',
  'password_changed',
  'deleted',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** One login on one device: what both tokens of a pair carry as `sid`. */
@Entity('sessions')
@Index('ix_sessions_user_id', ['userId', 'endedAt', 'expiresAt'])
@Index('ix_sessions_ended_at', ['endedAt'])
@Index('ix_sessions_expires_at', ['endedAt', 'expiresAt'])
@Index('ix_sessions_last_used_at', ['endedAt', 'lastUsedAt'])
export class Session {
  @PrimaryColumn(ID)
  id!: string;

  @Column({ ...ID, name: 'user_id' })
  userId!: string;

  /** Of a login by code: the `UserDevice` that it was made on, also when that has been ended since. */
  @Column({ ...ID, name: 'device_id', nullable: true })
  deviceId!: string | null;

  /** The challenge that this login spent. Unique: here it is decided that a code succeeds once. */
  @Index('uq_sessions_challenge_id', { unique: true })
  @Column({ name: 'challenge_id', type: 'varchar', length: 32, nullable: true })
  challengeId!: string | null;

  /** The `gen` claim that its refresh token must carry: how often the token was rotated. */
  @Column(INTEGER)
  generation!: number;

  /** When the refresh token of this generation was made, if not at the login. */
  @Column({ ...TIME, name: 'rotated_at', nullable: true })
  rotatedAt!: Date | null;

  /** What {@link rotatedAt} was before the last rotation. */
  @Column({ ...TIME, name: 'previous_rotated_at', nullable: true })
  previousRotatedAt!: Date | null;

  /** A keyed hash of the newest `Idempotency-Key` that a rotation carried: see `RefreshClientsService`. */
  @Column({ name: 'refresh_key', type: 'varchar', length: 22, nullable: true })
  refreshKey!: string | null;

  /** Keyed hashes of the network and the user agent of the last rotation, if it carried no key. */
  @Column({ name: 'rotated_from', type: 'varchar', length: 64, nullable: true })
  rotatedFrom!: string | null;

  /** When this generation began: the `iat` claim of its refresh token. */
  get issuedAt(): Date {
    return this.rotatedAt ?? this.createdAt;
  }

  /** What the browser or app calls itself, like `Chrome on Android`. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  device!: string | null;

  /** Where the login came from, to the /24 (IPv4) or /48 (IPv6): enough to recognise, not to locate. */
  @Column({ type: 'varchar', length: 45 })
  network!: string;

  @Column({ ...TIME, name: 'created_at' })
  createdAt!: Date;

  /** Up to two minutes behind: see `ActivityService`. */
  @Column({ ...TIME, name: 'last_used_at' })
  lastUsedAt!: Date;

  /** Never extended. */
  @Column({ ...TIME, name: 'expires_at' })
  expiresAt!: Date;

  /** By the clock of the database, which all nodes share. */
  @Column({ ...TIME, name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'end_reason', type: 'varchar', length: 16, nullable: true })
  endReason!: EndReason | null;
}

/** What the refresh token of a session follows from. */
export type SessionRef = Readonly<
  Pick<Session, 'id' | 'userId' | 'generation' | 'issuedAt' | 'expiresAt'>
>;

/** A session that a login has opened. */
export type OpenedSession = SessionRef & Readonly<Pick<Session, 'deviceId'>>;
