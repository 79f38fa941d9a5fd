import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { bigint, index, primary, tableIn, text } from './tables';

const DEVICES: TableOptions = {
  name: 'user_devices',
  columns: [
    primary(bigint('id')),
    bigint('user_id'),
    text('secret_hash', 43),
    text('device', 64, true),
    text('network', 45),
    bigint('created_at'),
    bigint('last_used_at'),
  ],
  indices: [index('ix_user_devices_user_id', ['user_id', 'last_used_at'])],
};

/** Devices, and that of each session. A start that was killed in between goes on with what is missing. */
export class AddDevices1795914000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    const sessions = nameIn(dataSource, 'sessions').text;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, DEVICES));
    const known = await dialectOf(dataSource).columnsOf(runner, sessions);
    if (!known.includes('device_id'))
      await runner.query(`ALTER TABLE ${sessions} ADD COLUMN device_id bigint`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await runner.query(`ALTER TABLE ${nameIn(dataSource, 'sessions').text} DROP COLUMN device_id`);
    await runner.dropTable(nameIn(dataSource, DEVICES.name).text);
  }
}
