import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { dialectOf } from '../storage/dialects/dialects';
import { nameIn } from '../storage/queries';
import { bigint, index, integer, primary, tableIn, text } from './tables';

const ENDPOINTS: TableOptions = {
  name: 'webhook_endpoints',
  columns: [
    primary(bigint('id')),
    text('url', 500),
    text('events', 1000),
    integer('pii'),
    integer('secret_version'),
    bigint('overlap_until', true),
    bigint('position'),
    bigint('created_at'),
    bigint('failing_since', true),
    bigint('disabled_at', true),
    text('disabled_reason', 16, true),
  ],
  indices: [index('ix_webhook_endpoints_disabled_at', 'disabled_at')],
};

const ATTEMPTS: TableOptions = {
  name: 'webhook_attempts',
  columns: [
    primary(bigint('id')),
    bigint('endpoint_id'),
    bigint('event_id'),
    text('type', 32),
    bigint('series'),
    integer('attempt'),
    bigint('due_at', true),
    bigint('made_at', true),
    integer('status', true),
    text('failure', 16, true),
    integer('milliseconds', true),
  ],
  indices: [
    index('uq_webhook_attempts_attempt', ['endpoint_id', 'event_id', 'series', 'attempt'], true),
    index('ix_webhook_attempts_due', ['endpoint_id', 'due_at']),
    index('ix_webhook_attempts_endpoint', ['endpoint_id', 'id']),
  ],
};

/** Endpoints that are told of events, and each attempt to tell them. */
export class AddWebhooks1796090400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const { dataSource } = runner;
    for (const table of [ENDPOINTS, ATTEMPTS]) {
      await dialectOf(dataSource).createTable(runner, tableIn(dataSource, table));
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [ATTEMPTS, ENDPOINTS]) {
      await runner.dropTable(nameIn(runner.dataSource, name).text);
    }
  }
}
