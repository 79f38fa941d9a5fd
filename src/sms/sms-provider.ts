import type { E164 } from '../common/phone-number';

export interface SmsMessage {
  readonly to: E164;
  readonly text: string;
  readonly code: string;
  /** A BCP 47 language tag, when the caller named one. */
  readonly locale?: string;
}

export interface SmsProvider {
  readonly name: string;
  /** @throws when the provider did not take the message over. */
  send(message: SmsMessage): Promise<void>;
}
