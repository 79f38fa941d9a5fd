import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns } from './added-columns';

const COLUMNS = {
  previous_rotated_at: 'bigint',
  refresh_key: 'varchar(22)',
  rotated_from: 'varchar(64)',
};

/** Which client rotated a session last, and what the refresh token before its newest one follows from. */
export class AddRotatingClients1795917600000 implements MigrationInterface {
  up = (runner: QueryRunner) => addColumns(runner, 'sessions', COLUMNS);

  down = (runner: QueryRunner) => dropColumns(runner, 'sessions', COLUMNS);
}
