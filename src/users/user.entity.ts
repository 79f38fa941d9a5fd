import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, TIME } from '../common/columns';
import type { E164 } from '../common/phone-number';

export type UserStatus = 'active' | 'disabled';

@Entity('users')
export class User {
  @PrimaryColumn(ID)
  id!: string;

  @Index('uq_users_mobile', { unique: true })
  @Column({ type: 'varchar', length: 16 })
  mobile!: E164;

  @Column({ type: 'varchar', length: 64 })
  name!: string;

  /** In lower case; null until the user sets one together with a password. */
  @Index('uq_users_username', { unique: true })
  @Column({ type: 'varchar', length: 32, nullable: true })
  username!: string | null;

  /** An argon2id hash in PHC string format. */
  @Column({ name: 'password_hash', type: 'varchar', length: 128, nullable: true, select: false })
  passwordHash!: string | null;

  @Column({ type: 'varchar', length: 16 })
  status!: UserStatus;

  @Column({ ...TIME, name: 'last_login' })
  lastLogin!: Date;

  /** When a code last proved that the user holds the number. */
  @Column({ ...TIME, name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;

  @Column({ ...TIME, name: 'created_at' })
  createdAt!: Date;

  @Column({ ...TIME, name: 'updated_at' })
  updatedAt!: Date;
}
