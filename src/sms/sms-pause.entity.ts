import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TIME } from '../common/columns';

/** A prefix of which too few codes are used, as it was last told of. */
@Entity('sms_pauses')
export class SmsPause {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  prefix!: string;

  @Column({ ...TIME, name: 'since' })
  since!: Date;
}
