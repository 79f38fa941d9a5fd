import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, TIME } from '../common/columns';
import type { E164 } from '../common/phone-number';
import { ROLES } from './roles';

export type UserStatus = 'active' | 'disabled';

@Entity('users')
export class User {
  @PrimaryColumn(ID)
  id!: string;

  /** Null once somebody else has it: see `DetachmentsService`. */
  @Index('uq_users_mobile', { unique: true })
  @Column({ type: 'varchar', length: 16, nullable: true })
  mobile!: E164 | null;

  @Column({ type: 'varchar', length: 64 })
  name!: string;

  /** In lower case; null until the user sets one together with a password. */
  @Index('uq_users_username', { unique: true })
  @Column({ type: 'varchar', length: 32, nullable: true })
  username!: string | null;

  /** When it was set; null for none, an imported one, and from before that was noted. */
  @Column({ ...TIME, name: 'username_set_at', nullable: true })
  usernameSetAt!: Date | null;

  /** What another system calls a user who came from there. */
  @Index('uq_users_external_id', { unique: true })
  @Column({ name: 'external_id', type: 'varchar', length: 128, nullable: true })
  externalId!: string | null;

  /** An argon2id hash in PHC string format, until the next login also one that was imported: see `password-hashes.ts`. */
  @Column({ name: 'password_hash', type: 'varchar', length: 128, nullable: true, select: false })
  passwordHash!: string | null;

  /** When it was set; null for no password, an imported one, and from before that was noted. */
  @Column({ ...TIME, name: 'password_set_at', nullable: true })
  passwordSetAt!: Date | null;

  @Column({ type: 'varchar', length: 16 })
  status!: UserStatus;

  /** Changed by `UserRolesService` only. */
  @Index('ix_users_roles')
  @Column(ROLES)
  roles!: string[];

  @Column({ ...TIME, name: 'last_login' })
  lastLogin!: Date;

  /** When a code, or the word of an operator, last proved that the user holds the number. */
  @Column({ ...TIME, name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;

  /** When the carrier said that the number was given up: see `DormancyService`. */
  @Column({ ...TIME, name: 'released_at', nullable: true })
  releasedAt!: Date | null;

  /** Since when somebody has the account who did not show that they had it before; null for since it was made. */
  @Column({ ...TIME, name: 'holder_since', nullable: true })
  holderSince!: Date | null;

  /** The `TERMS_VERSION` that the user has agreed to, and when. */
  @Column({ name: 'terms_version', type: 'varchar', length: 64, nullable: true })
  termsVersion!: string | null;

  @Column({ ...TIME, name: 'terms_accepted_at', nullable: true })
  termsAcceptedAt!: Date | null;

  /** When one first did, unless 90 days without one have passed since; null for users from before that was noted. */
  @Column({ ...TIME, name: 'first_verified_at', nullable: true })
  firstVerifiedAt!: Date | null;

  /** When everything about them is erased, unless they think better of it. */
  @Index('ix_users_deletion_at')
  @Column({ ...TIME, name: 'deletion_at', nullable: true })
  deletionAt!: Date | null;

  @Column({ ...TIME, name: 'created_at' })
  createdAt!: Date;

  @Column({ ...TIME, name: 'updated_at' })
  updatedAt!: Date;
}
