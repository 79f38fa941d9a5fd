import { randomBytes } from 'node:crypto';
import { EnvError, parseEnv } from './load-env';

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
  try {
    parseEnv({ ...usable, ...changes });
    return [];
  } catch (error) {
    return (error as EnvError).problems;
  }
}

describe('in production', () => {
  it('random secrets and stores that are named are fine', () => {
    expect(problemsInProduction()).toEqual([]);
  });

  it('a generated secret never looks like a placeholder', () => {
    const problems = Array.from({ length: 3000 }, () => problemsInProduction());

    expect(problems.flat()).toEqual([]);
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
    ['x in a row', `Xxxxxxxxxx${randomSecret()}`, 'looks like a placeholder'],
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
      expect.stringMatching(/^SMS_PROVIDERS must be set in production: .*log/),
    ]);
  });

  it('embedded defaults that are asked for by name are fine', () => {
    const embedded = { DATABASE_URL: 'sqlite:data/t.db', REDIS_URL: 'none', SMS_PROVIDERS: 'log' };

    expect(problemsInProduction(embedded)).toEqual([]);
  });
});
