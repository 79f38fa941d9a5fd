import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INTEGER, TIME } from '../../common/columns';

/** How often an action stands in the audit of an hour. */
@Entity('action_hours')
export class ActionHour {
  @PrimaryColumn(TIME)
  start!: Date;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  action!: string;

  @Column(INTEGER)
  events!: number;
}
