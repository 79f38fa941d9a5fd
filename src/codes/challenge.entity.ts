import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIME } from '../common/columns';
import type { E164 } from '../common/phone-number';

/** A sent code that waits for its login. The code itself is in no store: see `ChallengeCodesService`. */
@Entity('challenges')
@Index('ix_challenges_expires_at', ['expiresAt'])
export class Challenge {
  /** A number has one challenge, and the one before. In place of it, what `purposes.ts` makes. */
  @PrimaryColumn({ type: 'varchar', length: 16 })
  mobile!: E164;

  /** 128 random bits in hex, from which the code is derived. */
  @Column({ type: 'varchar', length: 32 })
  id!: string;

  /** A keyed digest of number and code: lets a store match a guess that it cannot derive. */
  @Column({ type: 'varchar', length: 32 })
  tag!: string;

  /** Long ago when it was used. */
  @Column({ ...TIME, name: 'expires_at' })
  expiresAt!: Date;

  /** The one before; null when it was used. */
  @Column({ name: 'earlier_id', type: 'varchar', length: 32, nullable: true })
  earlierId?: string | null;

  @Column({ name: 'earlier_tag', type: 'varchar', length: 32, nullable: true })
  earlierTag?: string | null;

  @Column({ ...TIME, name: 'earlier_expires_at', nullable: true })
  earlierExpiresAt?: Date | null;
}
