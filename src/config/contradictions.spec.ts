import { problemsOf } from '../../test/support/env-problems';

const TEST_NUMBERS = '+12015550123:123456@2999-01-01';
const SIX_DAYS = '6d';
const TWILIO = {
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: 'the auth token of a test',
  TWILIO_FROM: 'MGMGrand',
};
const TENCENT = {
  TENCENT_SECRET_ID: 'the secret id of a test',
  TENCENT_SECRET_KEY: 'the secret key of a test',
  TENCENT_SDK_APP_ID: '1400006666',
  TENCENT_TEMPLATES: '1110',
};

describe('settings that contradict each other', () => {
  it.each<[NodeJS.ProcessEnv, string]>([
    [
      { SMS_COUNTRIES: 'CN,HK', TEST_NUMBERS },
      'TEST_NUMBERS has +120****0123, which nobody can log in with: add US to SMS_COUNTRIES, or drop the number',
    ],
    [
      { REFRESH_COOKIE: 'on', PUBLIC_URL: 'http://auth.example.com' },
      'REFRESH_COOKIE needs a PUBLIC_URL that starts with https: browsers keep its cookies of no other',
    ],
    [
      { TERMS_URL: 'https://app.example.com/terms' },
      'TERMS_VERSION must be set for TERMS_URL: nobody is shown terms without a version, and nobody agrees to them',
    ],
    [
      { SMS_COUNTRIES: 'US', SMS_ROUTES: 'CN:log,*:log' },
      'SMS_ROUTES names CN, which is not served: add it to SMS_COUNTRIES, or drop it',
    ],
    [
      { SMS_COUNTRIES: 'MF', SMS_ROUTES: 'MF:log' },
      'SMS_ROUTES names MF, whose numbers nobody can tell from those of GP: name GP',
    ],
    [
      { SMS_COUNTRIES: 'US', SMS_BUDGET_DAILY: '100,CN:40' },
      'SMS_BUDGET_DAILY names CN, which is not served: add it to SMS_COUNTRIES, or drop it',
    ],
    [
      { SMS_BUDGET_DAILY: '100,AX:4' },
      'SMS_BUDGET_DAILY names AX, whose numbers nobody can tell from those of FI: name FI',
    ],
    [
      { SMS_BUDGET_DAILY: '50,CN:60' },
      'SMS_BUDGET_DAILY gives CN 60, and all countries together 50: raise the total, like 60,CN:60',
    ],
    [
      { SMS_BUDGET_DAILY: 'CN:150' },
      'SMS_BUDGET_DAILY gives CN 150, and all countries together 100: raise the total, like 150,CN:150',
    ],
    [
      { ...TWILIO, SMS_COUNTRIES: 'CN,US', SMS_ROUTES: 'US:twilio' },
      'TWILIO_FROM=MGMGrand cannot send to US, where carriers take numbers only: take a number, a short code or a messaging service',
    ],
    [
      { ...TENCENT, SMS_COUNTRIES: 'CN,HK', SMS_PROVIDERS: 'tencent' },
      'TENCENT_SIGN_NAME must be set: Tencent Cloud sends to CN, which SMS_COUNTRIES names, with a signature only',
    ],
    [
      { SESSION_IDLE_TTL: '7d', REFRESH_TOKEN_TTL: SIX_DAYS },
      'SESSION_IDLE_TTL must not exceed REFRESH_TOKEN_TTL, after which every session ends',
    ],
    [
      { ACCESS_TOKEN_TTL: '1d', REFRESH_TOKEN_TTL: '12h' },
      'ACCESS_TOKEN_TTL must not exceed REFRESH_TOKEN_TTL, after which every session ends',
    ],
    [
      { DATABASE_URL: 'sqlite:data/tandem.db', DATABASE_TLS: 'on' },
      'DATABASE_TLS is for mysql://…: unset it, DATABASE_URL names a file',
    ],
    [
      {
        REDIS_URL: 'redis://mymaster',
        REDIS_SENTINELS: 'redis://10.0.0.1',
        REDIS_REPLICA_URL: 'redis://10.0.0.2',
      },
      'REDIS_SENTINELS know the replicas of the group: unset REDIS_REPLICA_URL',
    ],
  ])('end the start: %j', (settings, problem) => {
    expect(problemsOf(settings)).toEqual([problem]);
  });

  it('are named all at once, beside what cannot be used', () => {
    const problems = problemsOf({
      PORT: 'a',
      SMS_COUNTRIES: 'HK',
      TEST_NUMBERS: `${TEST_NUMBERS},+8613800000000:123456@2999-01-01`,
      SMS_ROUTES: 'CN:log',
      SESSION_IDLE_TTL: '15d',
    });

    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'TEST_NUMBERS',
      'TEST_NUMBERS',
      'SMS_ROUTES',
      'SESSION_IDLE_TTL',
    ]);
  });

  it('are not looked for in values that cannot be used', () => {
    expect(problemsOf({ SMS_COUNTRIES: 'China', TEST_NUMBERS })).toEqual([
      expect.stringMatching(/^SMS_COUNTRIES must/),
    ]);
    expect(problemsOf({ REFRESH_TOKEN_TTL: 'never', SESSION_IDLE_TTL: '7d' })).toHaveLength(1);
  });

  it.each([
    { TEST_NUMBERS },
    { SMS_COUNTRIES: 'CN,US', TEST_NUMBERS, SMS_ROUTES: 'US:log', SMS_BUDGET_DAILY: '9,US:9' },
    { SMS_COUNTRIES: 'MF', TEST_NUMBERS: '+590690001234:123456@2999-01-01', SMS_ROUTES: 'GP:log' },
    { SMS_BUDGET_DAILY: 'none', SMS_BUDGET_RESERVE: '40' },
    { ...TWILIO, SMS_COUNTRIES: 'GB,US', SMS_ROUTES: 'GB:twilio' },
    { ...TWILIO, SMS_PROVIDERS: 'twilio' },
    { ...TENCENT, SMS_COUNTRIES: 'HK', SMS_PROVIDERS: 'tencent' },
    { REFRESH_TOKEN_TTL: '1h' },
    { SESSION_IDLE_TTL: SIX_DAYS, REFRESH_TOKEN_TTL: SIX_DAYS },
  ])('are none of these: %j', (settings) => {
    expect(problemsOf(settings)).toEqual([]);
  });
});
