import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { bigint, index, primary, tableIn, text } from './tables';

const TABLES: TableOptions[] = [
  {
    name: 'users',
    columns: [
      primary(bigint('id')),
      text('mobile', 16),
      text('name', 64),
      text('username', 32, true),
      text('password_hash', 128, true),
      text('status', 16),
      bigint('last_login'),
      bigint('verified_at', true),
      bigint('created_at'),
      bigint('updated_at'),
    ],
    indices: [
      index('uq_users_mobile', 'mobile', true),
      index('uq_users_username', 'username', true),
    ],
  },
  {
    name: 'user_profiles',
    columns: [
      primary(bigint('id')),
      text('gender', 16, true),
      text('birthday', 10, true),
      text('avatar_url', 512, true),
      text('introduction', 500, true),
      text('locale', 35, true),
      text('time_zone', 64, true),
    ],
  },
  {
    name: 'sessions',
    columns: [
      primary(bigint('id')),
      bigint('user_id'),
      text('challenge_id', 32, true),
      { name: 'generation', type: 'integer' },
      bigint('rotated_at', true),
      text('device', 64, true),
      text('network', 45),
      bigint('created_at'),
      bigint('last_used_at'),
      bigint('expires_at'),
      bigint('ended_at', true),
      text('end_reason', 16, true),
    ],
    indices: [
      index('ix_sessions_user_id', ['user_id', 'ended_at', 'expires_at']),
      index('ix_sessions_ended_at', 'ended_at'),
      index('ix_sessions_expires_at', ['ended_at', 'expires_at']),
      index('ix_sessions_last_used_at', ['ended_at', 'last_used_at']),
      index('uq_sessions_challenge_id', 'challenge_id', true),
    ],
  },
  {
    name: 'challenges',
    columns: [primary(text('mobile', 16)), text('id', 32), text('tag', 32), bigint('expires_at')],
    indices: [index('ix_challenges_expires_at', 'expires_at')],
  },
  {
    name: 'sms_deliveries',
    columns: [
      primary(bigint('id')),
      text('challenge_id', 32),
      text('mobile', 16),
      text('country', 2),
      text('provider', 16),
      text('provider_message_id', 64, true),
      text('outcome', 16),
      bigint('price'),
      text('audience', 16),
      bigint('created_at'),
      bigint('verified_at', true),
    ],
    indices: [
      index('ix_sms_deliveries_challenge_id', 'challenge_id'),
      index('ix_sms_deliveries_created_at', 'created_at'),
    ],
  },
  {
    name: 'sms_spend',
    columns: [
      primary(text('day', 10)),
      primary(text('scope', 2)),
      bigint('total'),
      bigint('fresh'),
      { name: 'total_alert', type: 'integer' },
      { name: 'fresh_alert', type: 'integer' },
    ],
  },
  {
    name: 'sms_conversions',
    columns: [
      primary(text('scope', 16)),
      primary(bigint('minute')),
      { name: 'sent', type: 'integer' },
      { name: 'verified', type: 'integer' },
    ],
    indices: [index('ix_sms_conversions_minute', 'minute')],
  },
];

/** No foreign keys: sharded stores cannot keep them, and every write that needs two rows is a transaction. */
export class CreateTables1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    for (const table of TABLES) {
      await dialectOf(dataSource).createTable(runner, tableIn(dataSource, table));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES) await runner.dropTable(nameIn(runner.dataSource, name).text);
  }
}
