import { AuditEvent } from '../../src/audit/audit-event.entity';
import { NumberingService } from '../../src/events/numbering.service';
import { OutboxEvent } from '../../src/events/outbox-event.entity';
import type { TestApp } from './test-app';

/** The rows of the audit about a user, or about everything, in their order. */
export function auditOf(app: TestApp, userId?: string): Promise<AuditEvent[]> {
  return app.sql
    .getRepository(AuditEvent)
    .find({ where: userId ? { userId } : {}, order: { id: 'ASC' } });
}

/** The same of the outbox. */
export function eventsOf(app: TestApp, userId?: string): Promise<OutboxEvent[]> {
  return app.sql
    .getRepository(OutboxEvent)
    .find({ where: userId ? { userId } : {}, order: { id: 'ASC' } });
}

/** Numbers what is committed, as the job would within a tenth of a second. */
export async function numberEvents(app: TestApp): Promise<void> {
  await app.nest.get(NumberingService).numberAll();
}
