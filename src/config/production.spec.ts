import { randomBytes } from 'node:crypto';
import { problemsOf } from '../../test/support/env-problems';

const randomSecret = () => randomBytes(48).toString('base64');

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

  it('rule 17: a missing secret is refused with a sentence that says what to set', () => {
    expect(problemsInProduction({ JWT_SECRET: undefined })).toEqual([
      'JWT_SECRET must be set in production: take the output of `openssl rand -base64 48`',
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
    ['one character', 'a'.repeat(64), 'repeats too few characters'],
    ['a pattern', '0123456'.repeat(8), 'repeats too few characters'],
  ])('rule 17: a secret that is %s is refused', (_, secret, weakness) => {
    for (const name of ['JWT_SECRET', 'SMS_WEBHOOK_SECRET']) {
      const problems = problemsInProduction({ [name]: secret });

      expect(problems).toEqual([
        expect.stringContaining(`${name} ${weakness}: take the output of`),
      ]);
      expect(problems.join()).not.toContain(secret);
    }
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

  it.each(['TWILIO_ENDPOINT', 'ALIYUN_ENDPOINT', 'TENCENT_ENDPOINT', 'SNS_ENDPOINT'])(
    'rule 16: %s is not spoken to in plain text',
    (name) => {
      const problem = `${name} must start with https: in production: secrets go there`;
      for (const url of [
        'http://sms.example.com',
        'http://10.0.0.1:8080',
        'http://127.1.example',
      ]) {
        expect(problemsInProduction({ [name]: url })).toEqual([problem]);
      }
      for (const url of ['https://sms.example.com', 'http://localhost:81', 'http://[::1]:81']) {
        expect(problemsInProduction({ [name]: url })).toEqual([]);
      }
    },
  );

  it('a cluster is a Redis', () => {
    const cluster = { REDIS_URL: undefined, REDIS_CLUSTER_NODES: 'redis://redis.example.com' };

    expect(problemsInProduction(cluster)).toEqual([]);
  });

  it('embedded defaults that are asked for by name are fine', () => {
    const embedded = { DATABASE_URL: 'sqlite:data/t.db', REDIS_URL: 'none', SMS_PROVIDERS: 'log' };

    expect(problemsInProduction(embedded)).toEqual([]);
  });
});
