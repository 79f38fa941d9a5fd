import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameIn } from '../storage/queries';
import { addIndex } from './added-columns';

const DELIVERIES = 'sms_deliveries';
const INDEXES = ['country', 'provider', 'outcome'].map((column) => ({
  name: `ix_sms_deliveries_${column}`,
  columns: [column, 'id'],
}));

/** So that operators find the newest messages of a country, a provider or an outcome among millions. */
export class AddDeliveryFilters1796121000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const index of INDEXES) await addIndex(runner, DELIVERIES, index);
  }

  async down(runner: QueryRunner): Promise<void> {
    const name = (ours: string) => nameIn(runner.dataSource, ours).text;
    for (const index of INDEXES.toReversed()) {
      await runner.dropIndex(name(DELIVERIES), name(index.name));
    }
  }
}
