import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dropColumns } from './added-columns';

const COLUMNS = { taken_from: 'varchar(16)' };

/** Whose shares a message took from, so that a code that is used gives back no more than that. */
export class AddSharesTaken1796127000000 implements MigrationInterface {
  up = (runner: QueryRunner) => addColumns(runner, 'sms_deliveries', COLUMNS);

  down = (runner: QueryRunner) => dropColumns(runner, 'sms_deliveries', COLUMNS);
}
