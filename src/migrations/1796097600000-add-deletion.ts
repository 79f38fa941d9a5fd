import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameIn } from '../storage/queries';
import { addColumns, addIndex, dropColumns } from './added-columns';

const OF_USERS = { deletion_at: 'bigint' };
const OF_PROFILES = { deleted_at: 'bigint' };
const OF_SESSIONS = { code_at: 'bigint' };
const BY_DELETION = { name: 'ix_users_deletion_at', columns: ['deletion_at'] };
const BY_ERASURE = { name: 'ix_user_profiles_deleted_at', columns: ['deleted_at'] };

/** When users are to be erased and when they were, and when a session last proved a code. */
export class AddDeletion1796097600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'users', OF_USERS);
    await addIndex(runner, 'users', BY_DELETION);
    await addColumns(runner, 'user_profiles', OF_PROFILES);
    await addIndex(runner, 'user_profiles', BY_ERASURE);
    await addColumns(runner, 'sessions', OF_SESSIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    const name = (ours: string) => nameIn(runner.dataSource, ours).text;
    await dropColumns(runner, 'sessions', OF_SESSIONS);
    await runner.dropIndex(name('user_profiles'), name(BY_ERASURE.name));
    await dropColumns(runner, 'user_profiles', OF_PROFILES);
    await runner.dropIndex(name('users'), name(BY_DELETION.name));
    await dropColumns(runner, 'users', OF_USERS);
  }
}
