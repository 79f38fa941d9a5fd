import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameIn } from '../storage/queries';
import { addColumns, addIndex, dropColumns } from './added-columns';

const OF_USERS = { first_verified_at: 'bigint' };
const OF_DELIVERIES = { host: 'varchar(64)' };
const BY_HOST = { name: 'ix_sms_deliveries_host', columns: ['host', 'verified_at'] };

/**
 * Since when numbers are verified: for users from before that is when they were created, which queries take where there is
 * nothing. And the operators whose networks codes were asked for from.
 */
export class AddKnownNumbers1796079600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'users', OF_USERS);
    await addColumns(runner, 'sms_deliveries', OF_DELIVERIES);
    await addIndex(runner, 'sms_deliveries', BY_HOST);
  }

  async down(runner: QueryRunner): Promise<void> {
    const name = (ours: string) => nameIn(runner.dataSource, ours).text;
    await runner.dropIndex(name('sms_deliveries'), name(BY_HOST.name));
    await dropColumns(runner, 'sms_deliveries', OF_DELIVERIES);
    await dropColumns(runner, 'users', OF_USERS);
  }
}
