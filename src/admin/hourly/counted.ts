import type { Action } from '../../audit/actions';
import { sql } from '../../storage/sql';

/** What the overview counts of the audit. */
export const COUNTED_ACTIONS = ['session.started', 'user.created'] as const satisfies Action[];
export type CountedAction = (typeof COUNTED_ACTIONS)[number];

/** What is selected of messages, in the order of the columns of `message_hours`. */
export const countedMessages = sql`COUNT(*) AS messages,
  SUM(CASE WHEN outcome = 'sent' THEN 1 ELSE 0 END) AS sent,
  SUM(CASE WHEN verified_at IS NULL THEN 0 ELSE 1 END) AS used, SUM(price) AS price`;
