import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIME } from '../../common/columns';

/** Who gets no code and logs in nowhere until then, or only gets no message. */
@Entity('blocks')
export class Block {
  /** As `blockTarget` spells it, behind what is shut out: see `BlocksService`. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  target!: string;

  @Column({ ...TIME, name: 'created_at' })
  createdAt!: Date;

  @Index('ix_blocks_expires_at')
  @Column({ ...TIME, name: 'expires_at' })
  expiresAt!: Date;
}
