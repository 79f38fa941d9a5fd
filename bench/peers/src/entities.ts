import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('users')
export class User {
  @PrimaryColumn('bigint')
  id!: string;

  @Column({ unique: true })
  mobile!: string;

  @Column()
  name!: string;

  @Column()
  status!: string;

  @Column('bigint', { name: 'last_login' })
  lastLogin!: number;

  @Column('bigint', { name: 'verified_at' })
  verifiedAt!: number;

  @Column('bigint', { name: 'created_at' })
  createdAt!: number;

  @Column('bigint', { name: 'updated_at' })
  updatedAt!: number;
}

@Entity('user_profiles')
export class Profile {
  @PrimaryColumn('bigint')
  id!: string;

  @Column({ type: 'varchar', nullable: true })
  locale!: string | null;
}

@Entity('sessions')
export class Session {
  @PrimaryColumn('bigint')
  id!: string;

  @Column('bigint', { name: 'user_id' })
  userId!: string;

  @Column()
  generation!: number;

  @Column()
  network!: string;

  @Column('bigint', { name: 'created_at' })
  createdAt!: number;

  @Column('bigint', { name: 'last_used_at' })
  lastUsedAt!: number;

  @Column('bigint', { name: 'expires_at' })
  expiresAt!: number;

  @Column('bigint', { name: 'ended_at', nullable: true })
  endedAt!: number | null;
}
