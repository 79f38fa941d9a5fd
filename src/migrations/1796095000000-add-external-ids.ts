import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameIn } from '../storage/queries';
import { addColumns, addIndex, dropColumns } from './added-columns';

const OF_USERS = {
  external_id: 'varchar(128)',
  terms_version: 'varchar(64)',
  terms_accepted_at: 'bigint',
};
const OF_SESSIONS = { device_type: 'varchar(16)' };
const BY_EXTERNAL_ID = { name: 'uq_users_external_id', columns: ['external_id'], isUnique: true };

/** What users are called elsewhere, what they agreed to, and what their sessions were opened on. */
export class AddExternalIds1796095000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'users', OF_USERS);
    await addIndex(runner, 'users', BY_EXTERNAL_ID);
    await addColumns(runner, 'sessions', OF_SESSIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    const name = (ours: string) => nameIn(runner.dataSource, ours).text;
    await dropColumns(runner, 'sessions', OF_SESSIONS);
    await runner.dropIndex(name('users'), name(BY_EXTERNAL_ID.name));
    await dropColumns(runner, 'users', OF_USERS);
  }
}
