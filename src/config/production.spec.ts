import { randomBytes, randomUUID } from 'node:crypto';
import { problemsOf } from '../../test/support/env-problems';

const randomSecret = () => randomBytes(48).toString('base64');

const TYPED_SECRETS = [
  'a'.repeat(64),
  '0123456'.repeat(8),
  '12345678901234567890123456789012',
  'abcdefghijklmnopqrstuvwxyz012345',
  '0123456789abcdef0123456789abcdef',
  '98765432109876543210987654321098',
  'qwertyuiopasdfghjklzxcvbnm123456',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9',
  'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
  'deadbeefdeadbeefdeadbeefdeadbeef',
  '20240101202402012024030120240401',
  'kitchen table lamp window door chair',
  'correct horse battery staple in the morning',
  'dragon-sunshine-monkey-letmein-football',
  'MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=',
  Buffer.from('dragon sunshine monkey football').toString('hex'),
];

function problemsInProduction(changes: Record<string, string | undefined> = {}): string[] {
  const usable = {
    NODE_ENV: 'production',
    DATABASE_URL: 'mysql://user@db.example.com/tandem',
    REDIS_URL: 'redis://redis.example.com',
    SMS_PROVIDERS: 'webhook',
    SMS_WEBHOOK_URL: 'https://sms.example.com',
    SMS_WEBHOOK_SECRET: randomSecret(),
    JWT_SECRET: randomSecret(),
  };
  return problemsOf({ ...usable, ...changes });
}

describe('in production', () => {
  it('random secrets and stores that are named are fine', () => {
    expect(problemsInProduction()).toEqual([]);
  });

  it('a generated secret is no placeholder, whatever it spells by chance', () => {
    const JWT_SECRET = 'k3Vq9ZsWm1TfxXxXxXuB7nRhP0dLcYjG5aEoSecretI2yDw4KbUq8MzN6vJH+F/Q';

    expect(problemsInProduction({ JWT_SECRET })).toEqual([]);
  });

  it('access tokens live for a minute at least, and elsewhere for as short as a test wants', () => {
    expect(problemsInProduction({ ACCESS_TOKEN_TTL: '5s' })).toEqual([
      'ACCESS_TOKEN_TTL must be 1m or more in production',
    ]);
    expect(problemsInProduction({ ACCESS_TOKEN_TTL: '1m' })).toEqual([]);
    expect(problemsOf({ ACCESS_TOKEN_TTL: '5s' })).toEqual([]);
  });

  it('pages that come by http get no cookies', () => {
    const plain = { CORS_ORIGINS: 'https://a.example.com,http://b.example.com' };

    expect(problemsInProduction(plain)).toEqual([]);
    expect(problemsInProduction({ ...plain, REFRESH_COOKIE: 'on' })).toEqual([
      'CORS_ORIGINS must have https origins only, where REFRESH_COOKIE is on: not http://b.example.com',
    ]);
  });

  it('rule 17: a missing secret is refused with a sentence that says what to set', () => {
    expect(problemsInProduction({ JWT_SECRET: undefined })).toEqual([
      'JWT_SECRET must be set in production: take the output of `npm run -s secret` (or `tandem secret`)',
    ]);
  });

  it.each([
    ['short', 'k3J9x0Qw7ZpLm2Vb5Ty8', 'is shorter than 32 characters'],
    ['a word to replace', 'change-me-change-me-0123456789-abcdef', 'looks like a placeholder'],
    ['a form to fill', '<a string of more than thirty-two letters>', 'looks like a placeholder'],
    ['the word secret', 'this-is-my-very-long-Secret-0123456789', 'looks like a placeholder'],
    [
      'words among all letters',
      'change-me-ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789',
      'looks like a placeholder',
    ],
    ['x in a row', 'Xxxxxxxxxxxxxxxxxxxx-0123456789-abcdefghij', 'looks like a placeholder'],
  ])('rule 17: a secret that is %s is refused', (_, secret, weakness) => {
    for (const name of ['JWT_SECRET', 'SMS_WEBHOOK_SECRET']) {
      const problems = problemsInProduction({ [name]: secret });

      expect(problems).toEqual([
        expect.stringMatching(`^${name} ${weakness}.*: take the output of .npm run -s secret.`),
      ]);
      expect(problems.join()).not.toContain(secret);
    }
  });

  it.each(TYPED_SECRETS)('rule 17: a secret that was typed is refused: %s', (JWT_SECRET) => {
    expect(problemsInProduction({ JWT_SECRET })).toEqual([
      expect.stringMatching(/^JWT_SECRET can be guessed.*: take the output of .npm run -s secret./),
    ]);
  });

  it.each(['0x0000000000000000000000000000000000000000', '1x0000000000000000000000000000000AA'])(
    'rule 17: the published test key %s of a captcha is refused',
    (CAPTCHA_SECRET) => {
      expect(problemsInProduction({ CAPTCHA: 'turnstile', CAPTCHA_SECRET })).toEqual([
        expect.stringMatching(/^CAPTCHA_SECRET is a published test key/),
      ]);
    },
  );

  it.each(['TWILIO_AUTH_TOKEN', 'CAPTCHA_SECRET'])(
    'rule 17: a placeholder for %s is refused',
    (name) => {
      expect(problemsInProduction({ [name]: 'your-token-here' })).toEqual([
        `${name} looks like a placeholder: take your own`,
      ]);
    },
  );

  it('rule 17: one secret for two purposes is refused', () => {
    const secret = randomSecret();
    const twice = { JWT_SECRET: secret, SMS_WEBHOOK_SECRET: secret };

    expect(problemsInProduction(twice)).toEqual([
      expect.stringContaining('SMS_WEBHOOK_SECRET must differ from JWT_SECRET'),
    ]);
  });

  it('embedded defaults that nobody asked for are refused', () => {
    const unset = { DATABASE_URL: undefined, REDIS_URL: undefined, SMS_PROVIDERS: undefined };

    expect(problemsInProduction(unset)).toEqual([
      expect.stringMatching(/^DATABASE_URL must be set in production: .*sqlite:/),
      expect.stringMatching(/^REDIS_URL must be set in production: .*none/),
      expect.stringMatching(/^SMS_PROVIDERS must be set in production: twilio, .*log/),
    ]);
  });

  it.each([
    () => randomBytes(16).toString('hex'),
    () => randomBytes(24).toString('base64'),
    () => randomBytes(48).toString('base64url'),
    () => randomUUID(),
    () => randomBytes(20).toString('hex').toUpperCase(),
  ])('whatever is random is taken: %#', (generate) => {
    const secrets = Array.from({ length: 15 }, generate);

    const refused = secrets.filter((JWT_SECRET) => problemsInProduction({ JWT_SECRET }).length > 0);

    expect(refused).toEqual([]);
  });

  describe.each([
    'ALIYUN_ENDPOINT',
    'CAPTCHA_VERIFY_URL',
    'SMS_WEBHOOK_URL',
    'SNS_ENDPOINT',
    'TENCENT_ENDPOINT',
    'TWILIO_ENDPOINT',
  ])('%s', (name) => {
    it.each([
      'http://sms.example.com',
      'http://10.0.0.1:8080',
      'http://127.1.example',
      'http://localhost.example.com',
      'http://0.0.0.0',
      'http://[fd00::1]/',
    ])('rule 16: is not spoken to in plain text: %s', (url) => {
      expect(problemsInProduction({ [name]: url })).toEqual([
        expect.stringMatching(`^${name} must start with https: in production, .*PLAIN_HTTP_HOSTS`),
      ]);
    });

    it.each([
      'https://sms.example.com',
      'http://localhost:81',
      'http://127.0.0.1:81',
      'http://127.1:81',
      'http://[::1]:81',
      'http://sms-gateway:8080/send',
      'http://10.0.0.5/',
      'http://[fd00::5]/',
    ])('may be %s with the hosts of the own network named', (url) => {
      const PLAIN_HTTP_HOSTS = 'sms-gateway, 10.0.0.5, fd00::5';

      expect(problemsInProduction({ [name]: url, PLAIN_HTTP_HOSTS })).toEqual([]);
    });

    it.each([
      'https://user:password@sms.example.com',
      'https://token@sms.example.com',
      'https://sms.example.com/#send',
      'ftp://sms.example.com',
      'sms.example.com',
    ])('is refused in every mode as %s', (url) => {
      expect(problemsOf({ [name]: url })).toEqual([
        expect.stringMatching(`^${name} must be a URL that starts with https: or http:`),
      ]);
    });
  });

  it.each([
    '93.184.216.34',
    '2606:4700::1',
    '10.0.0.0/8',
    'http://sms',
    'a,,b',
    '*',
    '8.8',
    '0x8.8',
  ])('a host of the own network is none of the internet: %s', (PLAIN_HTTP_HOSTS) => {
    expect(problemsOf({ PLAIN_HTTP_HOSTS })).toEqual([
      expect.stringMatching(/^PLAIN_HTTP_HOSTS must be/),
    ]);
  });

  it('a cluster is a Redis', () => {
    const cluster = { REDIS_URL: undefined, REDIS_CLUSTER_NODES: 'redis://redis.example.com' };

    expect(problemsInProduction(cluster)).toEqual([]);
  });

  it('embedded defaults that are asked for by name are fine', () => {
    const embedded = { DATABASE_URL: 'sqlite:data/t.db', REDIS_URL: 'none', SMS_PROVIDERS: 'log' };

    expect(problemsInProduction(embedded)).toEqual([]);
  });
});
