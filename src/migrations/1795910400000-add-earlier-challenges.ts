import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';

const TABLE = 'challenges';
const COLUMNS = {
  earlier_id: 'varchar(32)',
  earlier_tag: 'varchar(32)',
  earlier_expires_at: 'bigint',
};

/** The challenge before the newest one of a number. A start that was killed in between goes on with what is missing. */
export class AddEarlierChallenges1795910400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const table = nameIn(runner.dataSource, TABLE).text;
    const known = await dialectOf(runner.dataSource).columnsOf(runner, table);
    for (const [name, type] of Object.entries(COLUMNS)) {
      if (!known.includes(name))
        await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    const table = nameIn(runner.dataSource, TABLE).text;
    for (const name of Object.keys(COLUMNS)) {
      await runner.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
    }
  }
}
