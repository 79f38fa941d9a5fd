import type { SmsMessage, SmsProvider } from '../sms-provider';

/** Prints each message to the console, for development: the console is the phone, not a log. */
export class LogProvider implements SmsProvider {
  readonly name = 'log';

  async send({ to, text }: SmsMessage): Promise<undefined> {
    process.stdout.write(`SMS to ${to}: ${text}\n`);
  }
}
