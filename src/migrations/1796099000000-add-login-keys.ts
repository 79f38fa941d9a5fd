import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns } from './added-columns';

const COLUMNS = { login_key: 'varchar(22)', login_repeats: 'integer' };

/** Which client a login was by, so that it is answered again when the answer was lost, and how often it was. */
export class AddLoginKeys1796099000000 implements MigrationInterface {
  up = (runner: QueryRunner) => addColumns(runner, 'sessions', COLUMNS);

  down = (runner: QueryRunner) => dropColumns(runner, 'sessions', COLUMNS);
}
