import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ID, TIME } from '../common/columns';

/** Work that one node does at a time. */
@Entity('leases')
export class Lease {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  name!: string;

  /** A random name of the process that has it. */
  @Column({ type: 'varchar', length: 36 })
  holder!: string;

  /** By the clock of the database. */
  @Column({ ...TIME, name: 'expires_at' })
  expiresAt!: Date;

  /** How far the work has come, as a place in the order of events. */
  @Column({ ...ID, name: 'position' })
  position!: string;
}
