import type { UserDevice } from '../sessions/device.entity';
import type { Session } from '../sessions/session.entity';
import type { ShownTimes } from '../sessions/shown-times';
import type { MobileChange } from '../users/mobile-change.entity';
import type { ShownNotice } from '../users/notices/notices.service';

/** What people see of their account at once. */
export interface Overview {
  /** Masked. */
  readonly mobile: string;
  readonly name: string;
  readonly username: string | null;
  readonly hasPassword: boolean;
  readonly timeZone: string | null;
  readonly deletionAt: Date | null;
  readonly change: MobileChange | null;
  readonly notices: readonly ShownNotice[];
  readonly sessions: readonly ShownSession[];
  readonly devices: readonly UserDevice[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether something has just been saved. */
  readonly isSaved: boolean;
}

export interface ShownSession extends ShownTimes {
  readonly session: Session;
  readonly isCurrent: boolean;
}
