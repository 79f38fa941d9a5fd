import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { addColumns, dropColumns } from './added-columns';
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

const OF_SESSIONS = { device_id: 'bigint' };

/** Devices, and that of each session. */
export class AddDevices1795914000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dialectOf(dataSource).createTable(runner, tableIn(dataSource, DEVICES));
    await addColumns(runner, 'sessions', OF_SESSIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    await dropColumns(runner, 'sessions', OF_SESSIONS);
    await runner.dropTable(nameIn(dataSource, DEVICES.name).text);
  }
}
