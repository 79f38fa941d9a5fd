import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { bigint, integer, primary, tableIn, text } from './tables';

const TABLES: readonly TableOptions[] = [
  {
    name: 'message_hours',
    columns: [
      primary(bigint('start')),
      primary(text('country', 2)),
      primary(text('provider', 16)),
      integer('messages'),
      integer('sent'),
      integer('used'),
      bigint('price'),
    ],
  },
  {
    name: 'action_hours',
    columns: [primary(bigint('start')), primary(text('action', 64)), integer('events')],
  },
];

/** What was done in each hour: nobody who asks for a month reads all of its messages and logins. */
export class AddHourlyCounts1796126000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    for (const table of TABLES) {
      await dialectOf(dataSource).createTable(runner, tableIn(dataSource, table));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    // Done again, it begins with what there is.
    await runner.query(
      `DELETE FROM ${nameIn(dataSource, 'leases').text} WHERE name = 'hourly counts'`,
    );
    for (const { name } of TABLES) await runner.dropTable(nameIn(dataSource, name).text);
  }
}
