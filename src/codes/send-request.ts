import type { E164 } from '../common/phone-number';
import type { Origin } from '../sms/network-history.service';
import type { Audience } from '../sms/sms-delivery.entity';
import type { Limited } from './limited';

/** A request for a code. */
export interface SendRequest {
  readonly mobile: E164;
  readonly address: string;
  /** The `device_token` of an earlier login. */
  readonly deviceToken?: string;
  /** The answer to a captcha. */
  readonly captcha?: string;
}

/** Who asks for a code, and from where. */
export interface Asked extends Limited {
  readonly mobile: E164;
  readonly networks: readonly string[];
  readonly audience: Audience;
  readonly origin: Origin;
  /** Seconds until strangers get codes without a captcha again there, and to numbers like this one; 0 while they do. */
  readonly easyIn?: number;
}
