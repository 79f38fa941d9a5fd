import { EnvError, loadHostEnv, parseOptions } from './load-env';
import type { EnvOptions } from './tandem-env';

function problemsOf(options: object): string[] {
  try {
    parseOptions(options);
    return [];
  } catch (error) {
    return (error as EnvError).problems;
  }
}

describe('the options of a host application', () => {
  it('are texts as in an environment, or the values that they stand for', () => {
    const texts: EnvOptions = {
      ACCESS_TOKEN_TTL: '1h',
      REFRESH_ROTATION: 'on',
      SMS_COUNTRIES: 'CN, HK',
      SMS_BUDGET_DAILY: '100,CN:40',
      MAX_SESSIONS_PER_USER: '3',
    };
    const values: EnvOptions = {
      ACCESS_TOKEN_TTL: 3600,
      REFRESH_ROTATION: true,
      SMS_COUNTRIES: ['CN', 'HK'],
      SMS_BUDGET_DAILY: { '*': 100, CN: 40 },
      MAX_SESSIONS_PER_USER: 3,
    };

    const both = { ...parseOptions(values), WORKER_ID: 0 };
    expect(both).toEqual({ ...parseOptions(texts), WORKER_ID: 0 });
    expect(both).toMatchObject(values);
  });

  it('may be undefined, which sets nothing', () => {
    expect(parseOptions({ CODE_TTL: undefined }).CODE_TTL).toBe(300);
  });

  it('are refused all at once, each by its name', () => {
    const problems = problemsOf({
      CODE_TTL: 1,
      SMS_PROVIDERS: ['pigeon'],
      REFRESH_ROTATION: 'yes',
    });

    expect(problems.toSorted()).toEqual([
      expect.stringMatching(/^CODE_TTL must/),
      expect.stringMatching(/^REFRESH_ROTATION must/),
      expect.stringMatching(/^SMS_PROVIDERS must/),
    ]);
  });

  it.each([
    ['a name that there is not', { DATABSE_URL: 'x' }, 'DATABSE_URL is not an option'],
    ["the server's", { PORT: 3000 }, 'PORT is not an option: it is the server'],
    ['a value of another kind', { CODE_TTL: {} }, 'CODE_TTL must'],
    ['a number for a list', { SMS_COUNTRIES: 5 }, 'SMS_COUNTRIES must'],
    ['half a test number', { TEST_NUMBERS: [{ mobile: '+8613800000000' }] }, 'TEST_NUMBERS must'],
    ['nothing for a test number', { TEST_NUMBERS: [null] }, 'TEST_NUMBERS must'],
    [
      'settings that contradict each other',
      { SMS_COUNTRIES: ['HK'], SMS_BUDGET_DAILY: { CN: 1 } },
      'SMS_BUDGET_DAILY names CN',
    ],
    ['a number for a switch', { REFRESH_ROTATION: 5 }, 'REFRESH_ROTATION must'],
    ['a secret that production needs', { NODE_ENV: 'production' }, 'JWT_SECRET must'],
  ])('are refused with %s', (_, options, problem) => {
    expect(problemsOf(options)).toContainEqual(expect.stringContaining(problem));
  });
});

describe('a host application without options', () => {
  const names = {
    TANDEM_CODE_TTL: '1m',
    TANDEM_PORT: '1',
    CODE_TTL: '2m',
    JWT_SECRET: 'of the host',
  };

  it('is read from TANDEM_ variables, and from nothing that is its own', () => {
    expect(loadHostEnv(names)).toMatchObject({ CODE_TTL: '1m' });
    expect(loadHostEnv(names)).not.toHaveProperty('JWT_SECRET');
    expect(loadHostEnv(names)).not.toHaveProperty('PORT');
  });
});
