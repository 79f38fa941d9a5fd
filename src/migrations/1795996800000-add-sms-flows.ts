import { type MigrationInterface, type QueryRunner, TableIndex, type TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { addColumns, dropColumns } from './added-columns';
import { bigint, index, primary, tableIn, text } from './tables';

const FLOWS: TableOptions = {
  name: 'sms_flows',
  columns: [primary(text('scope', 64)), bigint('fresh'), bigint('home'), bigint('total')],
  indices: [index('ix_sms_flows_total', 'total')],
};

const DELIVERIES = 'sms_deliveries';
const OF_DELIVERIES = { network: 'varchar(45)' };

/** Buckets of money, and where each code was asked for. */
export class AddSmsFlows1795996800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, FLOWS));
    await addColumns(runner, DELIVERIES, OF_DELIVERIES);
    const table = nameIn(dataSource, DELIVERIES).text;
    const added = byNetwork(runner);
    // A start that was killed in between goes on with what is missing.
    const isThere = (await runner.getTable(table))!.indices.some(({ name }) => name === added.name);
    if (!isThere) await runner.createIndex(table, added);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await runner.dropIndex(nameIn(dataSource, DELIVERIES).text, byNetwork(runner).name!);
    await dropColumns(runner, DELIVERIES, OF_DELIVERIES);
    await runner.dropTable(nameIn(dataSource, FLOWS.name).text);
  }
}

function byNetwork({ dataSource }: QueryRunner): TableIndex {
  const name = nameIn(dataSource, 'ix_sms_deliveries_network').text;
  return new TableIndex({ name, columnNames: ['network', 'verified_at'] });
}
