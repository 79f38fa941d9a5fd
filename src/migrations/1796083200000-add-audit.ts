import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { bigint, index, primary, tableIn, text } from './tables';

const TABLES: TableOptions[] = [
  {
    name: 'audit_events',
    columns: [
      primary(bigint('id')),
      bigint('at'),
      text('action', 32),
      text('actor_kind', 16),
      text('actor_id', 64, true),
      bigint('user_id', true),
      bigint('session_id', true),
      text('reason', 200, true),
      text('detail', 1000, true),
      text('personal', 500, true),
      text('number_ref', 43, true),
      text('salt', 22, true),
      text('digest', 43, true),
      text('request_id', 64, true),
      bigint('seal', true),
    ],
    indices: [
      index('ix_audit_events_user_id', ['user_id', 'id']),
      index('ix_audit_events_number_ref', ['number_ref', 'id']),
      index('ix_audit_events_request_id', 'request_id'),
      index('ix_audit_events_action', ['action', 'id']),
      index('ix_audit_events_seal', ['seal', 'id']),
    ],
  },
  {
    name: 'audit_seals',
    columns: [
      primary(bigint('id')),
      bigint('at'),
      text('day', 10),
      { name: 'events', type: 'integer' },
      text('previous', 43),
      text('digest', 43),
      text('key_id', 8),
      text('mac', 43),
      bigint('purged_at', true),
    ],
    indices: [index('ix_audit_seals_day', ['day', 'id'])],
  },
  {
    name: 'outbox',
    columns: [
      primary(bigint('id')),
      bigint('at'),
      text('type', 32),
      bigint('user_id', true),
      bigint('session_id', true),
      text('data', 1000, true),
      bigint('position', true),
    ],
    indices: [index('uq_outbox_position', 'position', true)],
  },
  {
    name: 'leases',
    columns: [
      primary(text('name', 64)),
      text('holder', 36),
      bigint('expires_at'),
      bigint('position'),
    ],
  },
];

/** Who did what, what others are told of it, and which node does what only one may do. */
export class AddAudit1796083200000 implements MigrationInterface {
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
