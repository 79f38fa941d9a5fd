import type { SmsInbox } from './sms-inbox';

/** What a server needs to send its messages to `inbox`. */
export function smsEnv(inbox: SmsInbox): Record<string, string> {
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    CAPTCHA: 'off',
    SMS_PROVIDERS: 'webhook',
    SMS_WEBHOOK_URL: inbox.url,
    SMS_WEBHOOK_SECRET: 'the key of the test webhook',
  };
}
