import type { OperatorRole } from '../users/roles';

/** The metadata of what a route of `/admin` asks of its caller. */
export const ACCESS = 'tandem:admin-access';

export interface Access {
  readonly role: OperatorRole;
  /** Whether code or password must have been proved in the last ten minutes. */
  readonly isRecent: boolean;
}
