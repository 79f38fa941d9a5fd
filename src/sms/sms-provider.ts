import type { E164 } from '../common/phone-number';
import type { ProviderName } from '../config/sms-env';

export interface SmsMessage {
  readonly to: E164;
  readonly text: string;
  readonly code: string;
  /** The language of the text, a BCP 47 tag. */
  readonly locale: string;
  /** How long the code works, rounded down, and one at least: templates of providers want a number. */
  readonly minutes: number;
}

export interface SmsProvider {
  readonly name: ProviderName;
  /**
   * @returns the provider's id of the message, where it gives one.
   * @throws SendFailedError when the provider does not take the message, or what `signal` aborts with before it has.
   */
  send(message: SmsMessage, signal: AbortSignal): Promise<string | undefined>;
}
