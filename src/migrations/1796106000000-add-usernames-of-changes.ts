import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns } from './added-columns';

const OF_USERS = { username_set_at: 'bigint' };
const OF_CHANGES = { username: 'varchar(32)' };

/** Since when users have their usernames, and which one a user had before a change of number. */
export class AddUsernamesOfChanges1796106000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'users', OF_USERS);
    await addColumns(runner, 'mobile_changes', OF_CHANGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'mobile_changes', OF_CHANGES);
    await dropColumns(runner, 'users', OF_USERS);
  }
}
