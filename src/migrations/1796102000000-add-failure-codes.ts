import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns } from './added-columns';

const COLUMNS = { failure_code: 'varchar(100)' };

/** Why a provider did not take a message. */
export class AddFailureCodes1796102000000 implements MigrationInterface {
  up = (runner: QueryRunner) => addColumns(runner, 'sms_deliveries', COLUMNS);

  down = (runner: QueryRunner) => dropColumns(runner, 'sms_deliveries', COLUMNS);
}
