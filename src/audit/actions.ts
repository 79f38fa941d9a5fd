import { EVENT_TYPES } from '../events/event-types';

/** Everything that the audit tells of: what is an event, and what concerns nobody but operators. */
export const ACTIONS = [
  ...EVENT_TYPES,
  'device.ended',
  'code.refused',
  'login.refused',
  'refresh.refused',
  'credential.refused',
  'notice.acknowledged',
  'users.imported',
  'users.exported',
  'block.added',
  'block.removed',
  'roles.changed',
  'number.revealed',
  'admin.called',
  'session.raised',
  'sessions.revoked',
  'mobile_change.contested',
  'mobile_change.disowned',
  'number.released',
  'number.vouched',
  'limits.lifted',
  'keys.reloaded',
  'configuration.changed',
  'webhook.removed',
  'webhook.rotated',
  'webhook.enabled',
  'webhook.replayed',
  'webhook.tested',
] as const;
export type Action = (typeof ACTIONS)[number];
