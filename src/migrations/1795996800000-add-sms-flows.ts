import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { addColumns, addIndex, dropColumns } from './added-columns';
import { bigint, index, primary, tableIn, text } from './tables';

const FLOWS: TableOptions = {
  name: 'sms_flows',
  columns: [primary(text('scope', 64)), bigint('fresh'), bigint('home'), bigint('total')],
  indices: [index('ix_sms_flows_total', 'total')],
};

const DELIVERIES = 'sms_deliveries';
const OF_DELIVERIES = { network: 'varchar(45)' };
const BY_NETWORK = { name: 'ix_sms_deliveries_network', columns: ['network', 'verified_at'] };

/** Buckets of money, and where each code was asked for. */
export class AddSmsFlows1795996800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, FLOWS));
    await addColumns(runner, DELIVERIES, OF_DELIVERIES);
    await addIndex(runner, DELIVERIES, BY_NETWORK);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    const name = (ours: string) => nameIn(dataSource, ours).text;
    await runner.dropIndex(name(DELIVERIES), name(BY_NETWORK.name));
    await dropColumns(runner, DELIVERIES, OF_DELIVERIES);
    await runner.dropTable(name(FLOWS.name));
  }
}
