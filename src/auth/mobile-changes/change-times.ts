import type { MobileChange } from '../../users/mobile-change.entity';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a code may be asked for again, and be proved. */
export const OPEN_MS = 15 * 60_000;
/** How long a number waits to move that was asked for without a code to the one before. */
export const DELAY_MS = 72 * HOUR_MS;
/** How long the other number is kept. */
export const WINDOW_MS = 7 * DAY_MS;
/** How long after it was asked for a claim may be made use of. */
export const CLAIM_MS = 30 * DAY_MS;
/** How long a user whose number is somebody else's now is kept. */
export const DETACHED_MS = 180 * DAY_MS;
/** What is younger proves nothing against the number, and goes when a change is undone. */
const OLD_CREDENTIAL_MS = 7 * DAY_MS;

/** A user who has no number waits for none that could object. */
export const movesAtOnce = ({ proof, fromMobile }: Pick<MobileChange, 'proof' | 'fromMobile'>) =>
  proof === 'code' || fromMobile === null;

/** When who claims an account with its number, and knows no password, may have it. */
export const claimableAt = ({ createdAt }: Pick<MobileChange, 'createdAt'>) =>
  new Date(+createdAt + WINDOW_MS);

/** Whether a password or username was there long enough before a number moved. One since nobody knows when is old. */
export const isOldCredential = (setAt: Date | null, movedAt: Date) =>
  setAt === null || +setAt <= +movedAt - OLD_CREDENTIAL_MS;
