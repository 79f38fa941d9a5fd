import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns } from './added-columns';

const COLUMNS = {
  earlier_id: 'varchar(32)',
  earlier_tag: 'varchar(32)',
  earlier_expires_at: 'bigint',
};

/** The challenge before the newest one of a number. */
export class AddEarlierChallenges1795910400000 implements MigrationInterface {
  up = (runner: QueryRunner) => addColumns(runner, 'challenges', COLUMNS);

  down = (runner: QueryRunner) => dropColumns(runner, 'challenges', COLUMNS);
}
