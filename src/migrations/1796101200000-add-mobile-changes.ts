import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { addColumns, dropColumns } from './added-columns';
import { bigint, index, primary, tableIn, text } from './tables';

const CHANGES: TableOptions = {
  name: 'mobile_changes',
  columns: [
    primary(bigint('id')),
    bigint('user_id'),
    bigint('active_of', true),
    bigint('session_id', true),
    text('state', 16),
    text('proof', 16),
    text('from_mobile', 16),
    text('to_mobile', 16),
    text('challenge_id', 32, true),
    bigint('created_at'),
    bigint('proved_at', true),
    bigint('moved_at', true),
    bigint('due_at', true),
    bigint('ended_at', true),
    text('password_hash', 128, true),
    bigint('password_set_at', true),
  ],
  indices: [
    index('ix_mobile_changes_user_id', 'user_id'),
    index('uq_mobile_changes_active_of', 'active_of', true),
    index('ix_mobile_changes_due_at', 'due_at'),
  ],
};

const OF_USERS = { password_set_at: 'bigint' };

/** Changes of number, and since when users have their passwords. */
export class AddMobileChanges1796101200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, CHANGES));
    await addColumns(runner, 'users', OF_USERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropColumns(runner, 'users', OF_USERS);
    await runner.dropTable(nameIn(runner.dataSource, CHANGES.name).text);
  }
}
