import { eventIdOf } from '../events/event-composer.service';
import type { WebhookAttempt } from './webhook-attempt.entity';
import type { WebhookEndpoint } from './webhook-endpoint.entity';

/** An endpoint as commands print it and routes answer. */
export const shownEndpoint = (endpoint: WebhookEndpoint) => ({
  id: endpoint.id,
  url: endpoint.url,
  events: endpoint.events.split(' '),
  pii: endpoint.pii === 1,
  status: endpoint.disabledAt ? ('disabled' as const) : ('enabled' as const),
  disabled_reason: endpoint.disabledReason,
  disabled_at: endpoint.disabledAt,
  failing_since: endpoint.failingSince,
  created_at: endpoint.createdAt,
});

/** An attempt, likewise. */
export const shownAttempt = (made: WebhookAttempt) => ({
  id: made.id,
  event: eventIdOf(made.eventId),
  type: made.type,
  attempt: made.attempt,
  is_replay: made.series !== '0',
  due_at: made.dueAt,
  made_at: made.madeAt,
  status: made.status,
  failure: made.failure,
  milliseconds: made.milliseconds,
});
