import { parseMobile } from '../common/phone-number';
import type { SmsMessage, SmsProvider } from '../sms/sms-provider';

/** The phones: keeps every message in the place of the provider `log`. */
export class TestInbox implements SmsProvider {
  readonly name = 'log';
  /** Codes by number. */
  private readonly codes = new Map<string, string>();

  /** @param countries as `SMS_COUNTRIES`. */
  constructor(private readonly countries: readonly string[]) {}

  async send(message: SmsMessage): Promise<undefined> {
    if ('code' in message) this.codes.set(message.to, message.code);
  }

  /** @param mobile in any spelling. */
  codeFor(mobile: string): string {
    const code = this.codes.get(parseMobile(mobile, this.countries));
    if (!code) throw new Error(`No code was sent to ${mobile}`);
    return code;
  }
}
