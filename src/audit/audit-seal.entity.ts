import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID, INTEGER, TIME } from '../common/columns';

/**
 * Covers some rows of the audit and the seal before it, so that whoever changes, adds or removes one has to make all seals
 * anew since then, and lacks the key.
 */
@Entity('audit_seals')
@Index('ix_audit_seals_day', ['day', 'id'])
export class AuditSeal {
  /** 1, 2, 3 and so on. */
  @PrimaryColumn(ID)
  id!: string;

  /** By the clock of the database. */
  @Column({ ...TIME, name: 'at' })
  at!: Date;

  /** `YYYY-MM-DD` in UTC: days are purged as a whole. */
  @Column({ type: 'varchar', length: 10 })
  day!: string;

  /** How many rows it covers. */
  @Column(INTEGER)
  events!: number;

  /** The digest of the seal before. */
  @Column({ type: 'varchar', length: 43 })
  previous!: string;

  /** Over {@link previous}, what this seal says of itself, and its rows. */
  @Column({ type: 'varchar', length: 43 })
  digest!: string;

  /** Which key {@link mac} was made with. */
  @Column({ name: 'key_id', type: 'varchar', length: 8 })
  keyId!: string;

  /** Over {@link digest}, and whether the rows were purged, with a key that is in no table. */
  @Column({ type: 'varchar', length: 43 })
  mac!: string;

  /** Its rows, and those of all before it, are there no more. */
  @Column({ ...TIME, name: 'purged_at', nullable: true })
  purgedAt!: Date | null;
}
