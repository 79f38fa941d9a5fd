import type { SmsMessage, SmsProvider } from '../sms-provider';

const RULE = '━'.repeat(70);

/** Prints each message to the console, for development: the console is the phone, not a log. */
export class LogProvider implements SmsProvider {
  readonly name = 'log';

  async send({ to, text, code }: SmsMessage): Promise<undefined> {
    const message = `SMS to ${to}: ${text}`;
    process.stdout.write(process.stdout.isTTY ? framed(message, code) : `${message}\n`);
  }
}

/** Stands out between the lines of a log. Open to the right: how wide a text is, only the terminal knows. */
function framed(message: string, code: string): string {
  const lines = ['', ...message.split('\n'), '', `    ${code.split('').join(' ')}`, ''];
  return ['', `┏${RULE}`, ...lines.map((line) => `┃ ${line}`), `┗${RULE}`, '', ''].join('\n');
}
