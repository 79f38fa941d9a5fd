import type { ErrorCode } from '../../common/errors';
import type { E164 } from '../../common/phone-number';
import type { SendOutlook } from '../../codes/send-screen.service';
import type { SmsDelivery } from '../../sms/sms-delivery.entity';
import type { MobileChange } from '../../users/mobile-change.entity';
import type { User } from '../../users/user.entity';

/** Something that was refused. */
export interface Refused {
  readonly at: Date;
  readonly errorCode: ErrorCode;
  /** Why, where the node that refused it still knows, or the audit. */
  readonly reason: string | null;
  readonly limit: string | null;
  readonly requestId: string | null;
  /** To the /24 of IPv4 or /48 of IPv6. */
  readonly network: string | null;
}

/** All that the checks look at: read once, and never written. */
export interface SupportCase {
  readonly now: number;
  /** Undefined where a request told no number. */
  readonly mobile?: E164;
  readonly user: User | null;
  /** Of a number that is nobody's: the change by which it is kept for a user, if it is. */
  readonly keptBy: MobileChange | null;
  /** From where the person asks, or the network of the last message. */
  readonly address: string;
  /** The request that was asked about. */
  readonly request?: Refused;
  /** The newest first. */
  readonly refused: readonly Refused[];
  /** The newest first. */
  readonly deliveries: readonly SmsDelivery[];
  /** Whether who asks may know of a code that still works. */
  readonly seesLiveCodes: boolean;
  /** How a request for a code would fare now; undefined without a number. */
  readonly outlook?: SendOutlook;
}

/** Whether it was asked about a request that was answered so: then a limit that soon passes is what it was about. */
export const wasAnswered = ({ request }: SupportCase, ...codes: ErrorCode[]) =>
  request !== undefined && codes.includes(request.errorCode);
