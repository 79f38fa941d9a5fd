import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { bigint, index, primary, tableIn, text } from './tables';

const NOTICES: TableOptions = {
  name: 'security_notices',
  columns: [
    primary(bigint('id')),
    bigint('user_id'),
    text('kind', 32),
    bigint('at'),
    bigint('session_id', true),
    bigint('acknowledged_at', true),
    bigint('message_due_at', true),
    text('number_ref', 43, true),
  ],
  indices: [
    index('ix_security_notices_user_id', ['user_id', 'id']),
    index('ix_security_notices_message_due_at', 'message_due_at'),
  ],
};

/** What users are to know of, in case it was not they who did it. */
export class AddNotices1796101000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, NOTICES));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(nameIn(runner.dataSource, NOTICES.name).text);
  }
}
