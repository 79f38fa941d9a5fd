import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The id of the only row. */
export const KNOWN_ID = 1;

/** The configuration as it was last told of. */
@Entity('known_configuration')
export class KnownConfiguration {
  @PrimaryColumn({ type: 'integer' })
  id!: number;

  /** A JSON object: by name of a setting, its value as operators may see it. */
  @Column({ type: 'varchar', length: 16_000 })
  settings!: string;
}
