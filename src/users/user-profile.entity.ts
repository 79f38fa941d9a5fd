import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, TIME } from '../common/columns';

export const GENDERS = ['female', 'male', 'other'] as const;
export type Gender = (typeof GENDERS)[number];

/**
 * What a user tells about themselves; null is untold. One of a user who was erased stays, empty: by its key no id is ever
 * given again.
 */
@Entity('user_profiles')
export class UserProfile {
  /** The id of the user. */
  @PrimaryColumn(ID)
  id!: string;

  @Column({ type: 'varchar', length: 16, nullable: true })
  gender!: Gender | null;

  /** `YYYY-MM-DD`, a calendar day without a time zone. */
  @Column({ type: 'varchar', length: 10, nullable: true })
  birthday!: string | null;

  @Column({ name: 'avatar_url', type: 'varchar', length: 512, nullable: true })
  avatarUrl!: string | null;

  @Column({ type: 'varchar', length: 500, nullable: true })
  introduction!: string | null;

  /** A BCP 47 language tag. */
  @Column({ type: 'varchar', length: 35, nullable: true })
  locale!: string | null;

  /** A name of the IANA time zone database. */
  @Column({ name: 'time_zone', type: 'varchar', length: 64, nullable: true })
  timeZone!: string | null;

  @Index('ix_user_profiles_deleted_at')
  @Column({ ...TIME, name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;
}
