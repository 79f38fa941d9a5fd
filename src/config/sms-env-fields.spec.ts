import { problemsOf } from '../../test/support/env-problems';
import { parseEnv } from './load-env';

const SETTINGS = {
  SMS_WEBHOOK_URL: 'https://sms.example.com/send',
  SMS_WEBHOOK_SECRET: 'the key of the test webhook',
};

describe('the variables about messages', () => {
  it.each([
    ['SMS_ROUTES', 'CN:log', { CN: ['log'] }],
    ['SMS_ROUTES', 'CN:log, *:webhook,log', { CN: ['log'], '*': ['webhook', 'log'] }],
    ['LIMITS', 'code-cooldown=1/2m', { 'code-cooldown': { points: 1, window: 120 } }],
    [
      'LIMITS',
      'fresh-codes=1/1h,codes-per-number=3/20d',
      {
        'fresh-codes': { points: 1, window: 3600 },
        'codes-per-number': { points: 3, window: 1_728_000 },
      },
    ],
    ['SMS_BUDGET_DAILY', 'none', {}],
    ['SMS_BUDGET_DAILY', '50', { '*': 50 }],
    ['SMS_BUDGET_DAILY', 'CN:40', { '*': 100, CN: 40 }],
    ['SMS_BUDGET_DAILY', '99.95,CN:40,HK:0', { '*': 99.95, CN: 40, HK: 0 }],
    ['ALIYUN_TEMPLATES', 'SMS_1', { '*': 'SMS_1' }],
    [
      'ALIYUN_TEMPLATES',
      'SMS_1,en:SMS_2,zh-TW:SMS_3',
      { '*': 'SMS_1', en: 'SMS_2', 'zh-TW': 'SMS_3' },
    ],
    ['TWILIO_FROM', '+15005550006', '+15005550006'],
    ['TWILIO_FROM', 'MG22222222222222222222222222222222', 'MG22222222222222222222222222222222'],
    ['TWILIO_FROM', 'MGMGrand', 'MGMGrand'],
    ['TWILIO_FROM', 'A&B_c-d+e 1', 'A&B_c-d+e 1'],
    ['TWILIO_FROM', '12345', '12345'],
    [
      'TEST_NUMBERS',
      '+8613800000000:000001@2027-01-01',
      [{ mobile: '+8613800000000', code: '000001', until: new Date('2027-01-01T23:59:59.999Z') }],
    ],
  ])('reads %s=%s', (name, text, value) => {
    expect(parseEnv({ ...SETTINGS, [name]: text })).toHaveProperty([name], value);
  });

  it.each([
    ['SMS_ROUTES', ['log', 'China:log', 'CN:', 'CN:pigeon', 'CN:log,', ':log', 'CN:log,CN:log']],
    [
      'LIMITS',
      [
        'code-cooldown',
        'code-cooldown=1',
        'code-cooldown=1/0s',
        'code-cooldown=-1/1m',
        'x=1/m',
        'fresh-codes=0/1h',
        'fresh-codes=1/21d',
        'fresh-codes=1/1h,fresh-codes=2/1h',
      ],
    ],
    [
      'SMS_BUDGET_DAILY',
      ['-1', '1.234', 'CN', 'China:5', '100 USD', '1e3', '100,200', 'CN:1,CN:2'],
    ],
    ['SMS_BUDGET_RESERVE', ['101', '-1', '40%']],
    ['SMS_CONVERSION_GUARD', ['on']],
    ['CAPTCHA', ['recaptcha']],
    ['ALIYUN_TEMPLATES', ['en:SMS_2', 'SMS_1,en:']],
    [
      'TEST_NUMBERS',
      [
        '+8613800000000:123456',
        '+8613800000000:12345@2027-01-01',
        '+8613800000000:123456@2027-13-01',
        '+8613800000000:123456@2027-02-30',
        '+861:123456@2027-01-01',
        '13800000000:123456@2027-01-01',
        '+8601380000000:123456@2027-01-01',
        '+5215512345678:123456@2027-01-01',
        '+8613800000000:123456@2027-01-01,+8613800000000:654321@2027-01-01',
      ],
    ],
    [
      'TWILIO_FROM',
      [
        '15005550006',
        '+0123456',
        '+1 500 555 0006',
        'MG2222222222222222222222222222222',
        'MG222222222222222222222222222222222',
        'MGzz222222222222222222222222222222',
        'SM22222222222222222222222222222222',
        'Tandem Login',
        '123456789',
        'Tándem',
        'whatsapp:+15005550006',
      ],
    ],
    ['APP_NAME', ['a\nb', 'a\u200bb']],
    ['WEBOTP_DOMAIN', ['https://app.example.com', 'localhost', 'app.example.com/login']],
    [
      'ANDROID_APP_HASH',
      ['short', 'FA+9qCX9VSu=', 'a:FA+9qCX9VSu,a:kg0pLdMTTNa', 'a b:FA+9qCX9VSu', 'store:short'],
    ],
  ])('refuse a %s that they cannot use', (name, texts) => {
    for (const text of texts) {
      expect([text, problemsOf({ ...SETTINGS, [name]: text })]).toEqual([
        text,
        [expect.stringContaining(name)],
      ]);
    }
  });
});
