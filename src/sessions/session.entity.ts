import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, INTEGER, TIME } from '../common/columns';
import type { DeviceType } from '../common/device-type';

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
  'roles_changed',
  'mobile_changed',
  'reassigned',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** The end of what never began: it only holds the challenge that a code answered which was no login. */
export const SPENT = 'spent';

/** What a session has proved of its user (RFC 8176): a code, a password. */
export const FACTORS = ['pwd', 'sms'] as const;
export type Factor = (typeof FACTORS)[number];

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

  /** The challenge that this login spent, or what a password login with a key is known by. Unique: here it is decided that each succeeds once. */
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

  /** A keyed hash of the newest `Idempotency-Key` that the login or a rotation carried: see `RefreshClientsService`. */
  @Column({ name: 'refresh_key', type: 'varchar', length: 22, nullable: true })
  refreshKey!: string | null;

  /** Keyed hashes of the network and the user agent of the last rotation, if it carried no key. */
  @Column({ name: 'rotated_from', type: 'varchar', length: 64, nullable: true })
  rotatedFrom!: string | null;

  /** A keyed hash of the `Idempotency-Key` and the handle that the login carried; null without a key. */
  @Column({ name: 'login_key', type: 'varchar', length: 22, nullable: true })
  loginKey!: string | null;

  /** How often the login was answered again; null for never. */
  @Column({ ...INTEGER, name: 'login_repeats', nullable: true })
  loginRepeats!: number | null;

  /** When this generation began: the `iat` claim of its refresh token. */
  get issuedAt(): Date {
    return this.rotatedAt ?? this.createdAt;
  }

  /** What was proved in it, separated by spaces; null in those of earlier versions. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  amr!: string | null;

  /** When its user proved something again, after the login. */
  @Column({ ...TIME, name: 'auth_time', nullable: true })
  authTime!: Date | null;

  /** When a code was proved in it, after the login. */
  @Column({ ...TIME, name: 'code_at', nullable: true })
  codeAt!: Date | null;

  /** When its user last proved that they hold the number; null if they never did in it. */
  get codeProvedAt(): Date | null {
    return this.codeAt ?? (this.challengeId === null ? null : this.createdAt);
  }

  get factors(): Factor[] {
    const proved = this.amr?.split(' ') ?? [this.challengeId === null ? 'pwd' : 'sms'];
    return FACTORS.filter((factor) => proved.includes(factor));
  }

  /** When its user last proved something: at the login, or since. */
  get provedAt(): Date {
    return this.authTime ?? this.createdAt;
  }

  /** What the browser or app calls itself, like `Chrome on Android`. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  device!: string | null;

  /** Null in sessions from before it was noted. */
  @Column({ name: 'device_type', type: 'varchar', length: 16, nullable: true })
  deviceType!: DeviceType | null;

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
> & {
  /** Of its user. They last as long as it does: a change of roles ends it. */
  readonly roles: readonly string[];
};

/** A session that a login has opened. */
export type OpenedSession = SessionRef & Readonly<Pick<Session, 'deviceId'>>;
