import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { INTEGER, TIME } from '../common/columns';
import type { RedisHealth } from '../storage/redis-health.service';

/** A process of this installation, as it last told of itself. One that is shut down takes its row along. */
@Entity('nodes')
export class Node {
  /** A random name, as leases name their holders. */
  @PrimaryColumn({ type: 'varchar', length: 36 })
  id!: string;

  /** Of the machine or container. */
  @Column({ type: 'varchar', length: 64 })
  name!: string;

  @Column({ type: 'varchar', length: 32 })
  version!: string;

  @Column({ type: 'varchar', length: 16 })
  redis!: RedisHealth['status'];

  /** Milliseconds that it last waited for SQL. */
  @Column({ ...INTEGER, name: 'sql_ms' })
  sqlMs!: number;

  @Column({ ...TIME, name: 'started_at' })
  startedAt!: Date;

  @Index('ix_nodes_seen_at')
  @Column({ ...TIME, name: 'seen_at' })
  seenAt!: Date;
}
