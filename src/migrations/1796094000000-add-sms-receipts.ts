import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameIn } from '../storage/queries';
import { addColumns, addIndex, dropColumns } from './added-columns';

const DELIVERIES = 'sms_deliveries';
const COLUMNS = {
  number_ref: 'varchar(43)',
  receipt: 'varchar(16)',
  receipt_code: 'varchar(64)',
  delivered_at: 'bigint',
};
const INDEXES = [
  { name: 'ix_sms_deliveries_message', columns: ['provider_message_id'] },
  { name: 'ix_sms_deliveries_number_ref', columns: ['number_ref', 'created_at'] },
];

/** What became of messages, and which of them went to the same number. */
export class AddSmsReceipts1796094000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, DELIVERIES, COLUMNS);
    for (const index of INDEXES) await addIndex(runner, DELIVERIES, index);
  }

  async down(runner: QueryRunner): Promise<void> {
    const name = (ours: string) => nameIn(runner.dataSource, ours).text;
    for (const index of INDEXES.toReversed()) {
      await runner.dropIndex(name(DELIVERIES), name(index.name));
    }
    await dropColumns(runner, DELIVERIES, COLUMNS);
  }
}
