import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIME } from '../common/columns';
import type { E164 } from '../common/phone-number';

/** A sent code that waits for its login. The code itself is in no store: see `ChallengeCodesService`. */
@Entity('challenges')
@Index('ix_challenges_expires_at', ['expiresAt'])
export class Challenge {
  /** A number has at most one live challenge. */
  @PrimaryColumn({ type: 'varchar', length: 16 })
  mobile!: E164;

  /** 128 random bits in hex, from which the code is derived. */
  @Column({ type: 'varchar', length: 32 })
  id!: string;

  /** A keyed digest of number and code: lets a store match a guess that it cannot derive. */
  @Column({ type: 'varchar', length: 32 })
  tag!: string;

  @Column({ ...TIME, name: 'expires_at' })
  expiresAt!: Date;
}
