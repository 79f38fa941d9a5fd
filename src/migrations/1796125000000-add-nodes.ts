import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { bigint, index, integer, primary, tableIn, text } from './tables';

const NODES: TableOptions = {
  name: 'nodes',
  columns: [
    primary(text('id', 36)),
    text('name', 64),
    text('version', 32),
    text('redis', 16),
    integer('sql_ms'),
    bigint('started_at'),
    bigint('seen_at'),
  ],
  indices: [index('ix_nodes_seen_at', 'seen_at')],
};

/** The processes of an installation, so that operators see all of them. */
export class AddNodes1796125000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, NODES));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(nameIn(runner.dataSource, NODES.name).text);
  }
}
