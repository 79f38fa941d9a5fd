import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { bigint, primary, tableIn, text } from './tables';

const PAUSES: TableOptions = {
  name: 'sms_pauses',
  columns: [primary(text('prefix', 16)), bigint('since')],
};

/** Which prefixes are paused, so that each pause is told of once. */
export class AddSmsPauses1796103000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, PAUSES));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(nameIn(runner.dataSource, PAUSES.name).text);
  }
}
