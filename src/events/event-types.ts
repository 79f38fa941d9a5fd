/** What other programs can react to. A change whose action is one of these also enters the outbox. */
export const EVENT_TYPES = [
  'user.created',
  'user.updated',
  'user.disabled',
  'user.enabled',
  'user.deletion_requested',
  'user.deletion_cancelled',
  'user.deleted',
  'user.mobile_changed',
  'mobile_change.requested',
  'mobile_change.cancelled',
  'mobile_change.confirmed',
  'user.number_claimed',
  'user.detached',
  'user.reassigned',
  'session.started',
  'session.ended',
  'login.failed',
  'credential.changed',
  'device.added',
  'sms.paused',
  'sms.resumed',
  'sms.budget',
  'webhook.created',
  'webhook.disabled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

const KNOWN: ReadonlySet<string> = new Set(EVENT_TYPES);

export const isEventType = (name: string): name is EventType => KNOWN.has(name);
