import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, TIME } from '../common/columns';

/** What a user has logged in on by code, for as long as it has limits of its own. */
@Entity('user_devices')
@Index('ix_user_devices_user_id', ['userId', 'lastUsedAt'])
export class UserDevice {
  /** That of the session which its first login opened. */
  @PrimaryColumn(ID)
  id!: string;

  @Column({ ...ID, name: 'user_id' })
  userId!: string;

  /** Of the secret in its token, by a key that is not stored. */
  @Column({ name: 'secret_hash', type: 'varchar', length: 43, select: false })
  secretHash!: string;

  /** What the browser or app called itself at the last login, like `Chrome on Android`. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  device!: string | null;

  /** Where the last login came from, as coarse as that of a session. */
  @Column({ type: 'varchar', length: 45 })
  network!: string;

  @Column({ ...TIME, name: 'created_at' })
  createdAt!: Date;

  /** When a login last showed its token. */
  @Column({ ...TIME, name: 'last_used_at' })
  lastUsedAt!: Date;
}
