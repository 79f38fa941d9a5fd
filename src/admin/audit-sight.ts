import type { AuditEvent } from '../audit/audit-event.entity';
import { isAllowed } from '../users/roles';

/** For admins, as what it is about is. */
const OF_ADMINS = /^(configuration|webhook)\./;

/**
 * What an operator may read of the detail of a row.
 *
 * @param liveSince a code that was typed later may still work: why it was refused is not for viewers.
 */
export function detailFor(
  roles: readonly string[],
  { action, at, detail, reason }: AuditEvent,
  liveSince: number,
): object | null {
  if (detail === null || (OF_ADMINS.test(action) && !isAllowed(roles, 'admin'))) return null;
  const { why, ...others } = JSON.parse(detail) as { why?: string };
  const isOpen = reason !== 'INVALID_CODE' || +at < liveSince || isAllowed(roles, 'support');
  return { ...others, ...(isOpen && why !== undefined && { why }) };
}
