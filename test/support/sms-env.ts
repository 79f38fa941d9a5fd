import { TEST_SECRET } from './challenge-key';
import type { SmsInbox } from './sms-inbox';

/** What a server needs to send its messages to `inbox`. */
export function smsEnv(inbox: SmsInbox): Record<string, string> {
  return {
    NODE_ENV: 'test',
    JWT_SECRET: TEST_SECRET,
    LOG_LEVEL: 'silent',
    CAPTCHA: 'off',
    KNOWN_AFTER: '0s',
    // Specs ask for many codes from few addresses.
    NETWORK_SHARE: '0.0.0.0/0=100,::/0=100',
    SMS_BUDGET_DAILY: '10000',
    SMS_PROVIDERS: 'webhook',
    SMS_WEBHOOK_URL: inbox.url,
    SMS_WEBHOOK_SECRET: 'the key of the test webhook',
  };
}
