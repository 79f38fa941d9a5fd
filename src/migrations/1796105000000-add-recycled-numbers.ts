import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameIn } from '../storage/queries';
import { addColumns, addIndex, dropColumns, setNullable } from './added-columns';

const OF_USERS = { released_at: 'bigint', holder_since: 'bigint' };

const BY_NUMBER = { name: 'ix_mobile_changes_from_mobile', columns: ['from_mobile'] };

/** Users without a number, their changes to one, when a number was given up, and since when an account has another holder. */
export class AddRecycledNumbers1796105000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'users', OF_USERS);
    await setNullable(runner, 'users', ['mobile'], true);
    await setNullable(runner, 'mobile_changes', ['from_mobile'], true);
    await addIndex(runner, 'mobile_changes', BY_NUMBER);
  }

  /** Users without a number cannot be kept. */
  async down(runner: QueryRunner): Promise<void> {
    const [users, changes] = ['users', 'mobile_changes'].map((one) =>
      nameIn(runner.dataSource, one),
    );
    await runner.dropIndex(changes!.text, nameIn(runner.dataSource, BY_NUMBER.name).text);
    await runner.query(`DELETE FROM ${users!.text} WHERE mobile IS NULL`);
    await runner.query(`DELETE FROM ${changes!.text} WHERE from_mobile IS NULL`);
    await setNullable(runner, 'mobile_changes', ['from_mobile'], false);
    await setNullable(runner, 'users', ['mobile'], false);
    await dropColumns(runner, 'users', OF_USERS);
  }
}
