import type { SmsMessage, SmsProvider } from '../sms-provider';

const RULE = '━'.repeat(70);

/** Prints each message to the console, for development: the console is the phone, not a log. */
export class LogProvider implements SmsProvider {
  readonly name = 'log';

  async send(message: SmsMessage): Promise<undefined> {
    const text = `SMS to ${message.to}: ${message.text}`;
    const code = 'code' in message ? ['', `    ${message.code.split('').join(' ')}`] : [];
    process.stdout.write(process.stdout.isTTY ? framed(text, code) : `${text}\n`);
  }
}

/** Stands out between the lines of a log. Open to the right: how wide a text is, only the terminal knows. */
function framed(message: string, code: string[]): string {
  const lines = ['', ...message.split('\n'), ...code, ''];
  return ['', `┏${RULE}`, ...lines.map((line) => `┃ ${line}`), `┗${RULE}`, '', ''].join('\n');
}
