import { readFileSync } from 'node:fs';
import { problemsOf } from '../../test/support/env-problems';
import { PROVIDERS } from './sms-providers';

const COMPLETE = {
  log: {},
  webhook: {
    SMS_WEBHOOK_URL: 'https://sms.example.com',
    SMS_WEBHOOK_SECRET: 'the key of the test webhook',
  },
  twilio: {
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
    TWILIO_AUTH_TOKEN: 'the auth token of a test',
    TWILIO_FROM: '+15005550006',
  },
  aliyun: {
    ALIYUN_ACCESS_KEY_ID: 'the access key id of a test',
    ALIYUN_ACCESS_KEY_SECRET: 'the access key of a test',
    ALIYUN_SIGN_NAME: 'Tandem',
    ALIYUN_TEMPLATES: 'SMS_111',
  },
  tencent: {
    TENCENT_SECRET_ID: 'the secret id of a test',
    TENCENT_SECRET_KEY: 'the secret key of a test',
    TENCENT_SDK_APP_ID: '1400006666',
    TENCENT_TEMPLATES: '1110',
  },
  sns: { SNS_REGION: 'eu-central-1' },
};

const KEYS = { SNS_ACCESS_KEY_ID: 'TESTKEYID', SNS_SECRET_ACCESS_KEY: 'the key of a test' };

describe('the settings of SMS providers', () => {
  it.each(Object.entries(COMPLETE))('are enough: %s', (name, settings) => {
    expect(problemsOf({ SMS_PROVIDERS: name, ...settings })).toEqual([]);
    expect(problemsOf({ SMS_ROUTES: `CN:${name}`, ...settings })).toEqual([]);
  });

  it.each(Object.entries(COMPLETE))('are all named when %s lacks them', (name, settings) => {
    expect(problemsOf({ SMS_PROVIDERS: name })).toEqual(
      Object.keys(settings).map((variable) => `${variable} must be set for SMS_PROVIDERS=${name}`),
    );
  });

  it('are needed by the providers of routes, too', () => {
    expect(problemsOf({ SMS_ROUTES: 'CN:log,*:log,sns' })).toEqual([
      'SNS_REGION must be set for sns in SMS_ROUTES',
    ]);
  });

  it('are asked for once, wherever a provider is named', () => {
    const named = { SMS_PROVIDERS: 'sns,log', SMS_ROUTES: 'CN:sns,*:sns' };

    expect(problemsOf(named)).toEqual(['SNS_REGION must be set for SMS_PROVIDERS=sns']);
  });

  it('of providers that are not named may lack', () => {
    expect(problemsOf({ TWILIO_FROM: 'Tandem', SNS_ACCESS_KEY_ID: 'TESTKEYID' })).toEqual([]);
  });

  it('name SDKs as they are tested here', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const tested: Record<string, string> = { ...dependencies, ...devDependencies };
    const sdks = Object.values(PROVIDERS).flatMap(({ sdk }) => sdk ?? []);

    expect(sdks.length).toBeGreaterThan(0);
    expect(sdks.map(({ name }) => [name, tested[name]?.split('.')[0]])).toEqual(
      sdks.map(({ name, range }) => [name, range]),
    );
  });

  it('of Twilio take the SID of an account only', () => {
    const settings = { SMS_PROVIDERS: 'twilio', ...COMPLETE.twilio, TWILIO_ACCOUNT_SID: 'SK0000' };

    expect(problemsOf(settings)).toEqual([
      expect.stringMatching(/^TWILIO_ACCOUNT_SID must start with AC/),
    ]);
  });

  it('of SNS have both keys or none', () => {
    const settings = { SMS_PROVIDERS: 'sns', ...COMPLETE.sns };

    expect(problemsOf({ ...settings, ...KEYS })).toEqual([]);
    for (const [name, value] of Object.entries(KEYS)) {
      expect(problemsOf({ ...settings, [name]: value })).toEqual([
        expect.stringMatching(/^SNS_ACCESS_KEY_ID and SNS_SECRET_ACCESS_KEY must be set together/),
      ]);
    }
  });

  it('of the webhook hold no password in the URL, and no problem shows it', () => {
    const problems = problemsOf({
      SMS_PROVIDERS: 'webhook',
      ...COMPLETE.webhook,
      SMS_WEBHOOK_URL: 'https://user:hunter2@sms.example.com',
    });

    expect(problems).toEqual([expect.stringMatching(/^SMS_WEBHOOK_URL must be .* without a user/)]);
    expect(problems.join()).not.toContain('hunter2');
  });
});

describe('the settings of a captcha', () => {
  it.each(['turnstile', 'hcaptcha'])('are the secret of %s', (CAPTCHA) => {
    expect(problemsOf({ CAPTCHA })).toEqual([`CAPTCHA_SECRET must be set for CAPTCHA=${CAPTCHA}`]);
    expect(problemsOf({ CAPTCHA, CAPTCHA_SECRET: 'the secret of a test' })).toEqual([]);
  });

  it.each(['off', 'altcha'])('are none for %s', (CAPTCHA) => {
    expect(problemsOf({ CAPTCHA })).toEqual([]);
  });
});
