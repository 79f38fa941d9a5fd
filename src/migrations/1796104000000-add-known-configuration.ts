import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { integer, primary, tableIn, text } from './tables';

const KNOWN: TableOptions = {
  name: 'known_configuration',
  columns: [primary(integer('id')), text('settings', 16_000)],
};

/** The configuration that the last start had, so that the next one can tell what has changed. */
export class AddKnownConfiguration1796104000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, KNOWN));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(nameIn(runner.dataSource, KNOWN.name).text);
  }
}
