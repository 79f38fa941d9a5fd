import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nameIn } from '../storage/queries';
import { addColumns, addIndex, dropColumns } from './added-columns';

const OF_USERS = { roles: 'varchar(255)' };
const OF_SESSIONS = { amr: 'varchar(16)', auth_time: 'bigint' };
const BY_ROLES = { name: 'ix_users_roles', columns: ['roles'] };

/** What users may beyond their own account, and what their sessions have proved. */
export class AddRoles1796086800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'users', OF_USERS);
    await addIndex(runner, 'users', BY_ROLES);
    await addColumns(runner, 'sessions', OF_SESSIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    const name = (ours: string) => nameIn(runner.dataSource, ours).text;
    await dropColumns(runner, 'sessions', OF_SESSIONS);
    await runner.dropIndex(name('users'), name(BY_ROLES.name));
    await dropColumns(runner, 'users', OF_USERS);
  }
}
