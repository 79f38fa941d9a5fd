import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { bigint, index, primary, tableIn, text } from './tables';

const BLOCKS: TableOptions = {
  name: 'blocks',
  columns: [primary(text('target', 64)), bigint('created_at'), bigint('expires_at')],
  indices: [index('ix_blocks_expires_at', 'expires_at')],
};

/** Numbers and networks that operators shut out. */
export class AddBlocks1796000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, BLOCKS));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(nameIn(runner.dataSource, BLOCKS.name).text);
  }
}
