import type { CodePurpose } from '../common/code-purposes';
import type { NoticeKind } from '../common/notice-kinds';
import type { E164 } from '../common/phone-number';
import type { ProviderName } from '../config/sms-env';

interface Message {
  readonly to: E164;
  readonly text: string;
  /** The language of the text, a BCP 47 tag. */
  readonly locale: string;
}

export interface CodeMessage extends Message {
  readonly code: string;
  /** Of one that is for no login. */
  readonly purpose?: CodePurpose;
  /** How long the code works, rounded down, and one at least: templates of providers want a number. */
  readonly minutes: number;
}

/** Tells what was done in an account. */
export interface NoticeMessage extends Message {
  readonly notice: NoticeKind;
  /** The same in words, for templates of providers. */
  readonly what: string;
}

export type SmsMessage = CodeMessage | NoticeMessage;

export interface SmsProvider {
  readonly name: ProviderName;
  /**
   * @returns the provider's id of the message, where it gives one.
   * @throws SendFailedError when the provider does not take the message, or what `signal` aborts with before it has.
   */
  send(message: SmsMessage, signal: AbortSignal): Promise<string | undefined>;
}
