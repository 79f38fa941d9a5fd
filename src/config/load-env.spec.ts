import { problemsOf } from '../../test/support/env-problems';
import { parseEnv } from './load-env';

describe('Env', () => {
  it('needs nothing outside production', () => {
    expect(parseEnv({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      ACCESS_TOKEN_TTL: 7200,
      REFRESH_TOKEN_TTL: 1_209_600,
      CODE_TTL: 300,
      sqliteFile: 'data/tandem.db',
      hasRedis: false,
    });
  });

  it.each([
    ['CODE_TTL', '30s', 30],
    ['CODE_TTL', '5m', 300],
    ['ACCESS_TOKEN_TTL', '1d', 86_400],
    ['REFRESH_TOKEN_TTL', '8760h', 31_536_000],
    ['PORT', '0', 0],
    ['WORKER_ID', '1023', 1023],
    ['TRUST_PROXY', 'false', false],
    ['TRUST_PROXY', '2', 2],
    ['TRUST_PROXY', '10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
    ['CORS_ORIGINS', 'https://a.example.com,http://localhost:8080', expect.any(Array)],
    ['CORS_ORIGINS', 'https://*.preview.example.com,https://*.team.vercel.app', expect.any(Array)],
    ['SMS_COUNTRIES', 'CN, HK', ['CN', 'HK']],
    ['LOG_LEVEL', ' warn ', 'warn'],
  ])('reads %s=%s', (name, text, value) => {
    expect(parseEnv({ [name]: text })).toHaveProperty(name, value);
  });

  it.each([
    ['sqlite:data/tandem.db', 'data/tandem.db'],
    ['sqlite://data/tandem.db', 'data/tandem.db'],
    ['sqlite:///srv/tandem.db', '/srv/tandem.db'],
    ['mysql://user:password@db.example.com:3306/tandem', undefined],
  ])('finds the SQLite file that %s names', (url, file) => {
    expect(parseEnv({ DATABASE_URL: url }).sqliteFile).toBe(file);
  });

  it.each([
    ['NODE_ENV', ['staging', 'Production']],
    ['PORT', ['65536', '-1', '3000.5', '0x50', 'http']],
    ['PUBLIC_URL', ['auth.example.com', 'ftp://auth.example.com']],
    [
      'TRUST_PROXY',
      [
        'true',
        'fade',
        '10.0.0.0/33',
        '10.0.0.1,',
        'proxy.example.com',
        '99',
        '10.0.0.0/08',
        '10/8',
        '0x0a.0.0.1',
        '1.2.3.4/-1',
        '1.2.3.4/',
        '1.2.3.4/8/8',
      ],
    ],
    ['MAX_CONNECTIONS', ['0', '-1', 'unlimited']],
    [
      'CORS_ORIGINS',
      [
        '*',
        'null',
        'https://app.example.com,null',
        'https://app.example.com/',
        'app.example.com',
        'https://*',
        'https://*example.com',
        'https://app.*.example.com',
        'https://*.*.example.com',
        'http://*.example.com',
        'https://*.intranet',
      ],
    ],
    [
      'DATABASE_URL',
      ['postgres://h/d', 'mysql://h', 'mysql://h:3306/', 'sqlite:', 'sqlite://', 'sqlite::memory:'],
    ],
    ['DATABASE_POOL_SIZE', ['0', '1001', 'many']],
    ['REDIS_URL', ['localhost:6379', 'http://localhost:6379', 'off']],
    ['ACCESS_TOKEN_TTL', ['2', '2 h', '0s', '2d', '-2h', '1.5h', '2H', '7200000000s']],
    ['REFRESH_TOKEN_TTL', ['9m', '366d', 'never']],
    ['CODE_TTL', ['29s', '11m', '5min']],
    ['SMS_PROVIDERS', ['email', 'log,', 'log;webhook']],
    ['SMS_COUNTRIES', ['China', 'cn', 'CN,XX', 'CN,*', '*,CN', ',']],
    ['WORKER_ID', ['1024', 'a']],
    ['LOG_LEVEL', ['verbose']],
  ])('refuses a %s that it cannot use', (name, texts) => {
    for (const text of texts) {
      expect([text, problemsOf({ [name]: text })]).toEqual([text, [expect.stringContaining(name)]]);
    }
  });

  it.each(['https://*.com', 'https://*.co.uk', 'https://*.vercel.app', 'https://github.io'])(
    'refuses CORS_ORIGINS below which strangers may have pages: %s',
    (text) => {
      expect(problemsOf({ CORS_ORIGINS: text })).toEqual([
        expect.stringMatching(
          /^CORS_ORIGINS has \S+: everybody may have pages below \S+, list your/,
        ),
      ]);
    },
  );

  it.each([
    '0.0.0.0/0',
    '0.0.0.0/00',
    '::/0',
    '0.0.0.0/1,128.0.0.0/1',
    '::ffff:0:0/96',
    '::ffff:0.0.0.0/97,::ffff:128.0.0.0/97',
    '2000::/3',
    '::/1,8000::/1',
    '0.0.0.0/7',
    '10.0.0.0/7',
    Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`).join(),
    Array.from(
      { length: 300 },
      (_, second) => `${1 + (second % 200)}.${second % 256}.0.0/16`,
    ).join(),
  ])('refuses a TRUST_PROXY that covers far more than proxies: %s', (text) => {
    expect(problemsOf({ TRUST_PROXY: text })).toEqual([
      expect.stringMatching(/^TRUST_PROXY must be .* no more public addresses than/),
    ]);
  });

  it.each([
    '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7,100.64.0.0/10',
    '::ffff:10.0.0.0/104',
    '173.245.48.0/20,103.21.244.0/22,104.16.0.0/13,172.64.0.0/13,162.158.0.0/15',
    '2400:cb00::/32,2606:4700::/32,2a06:98c0::/29',
  ])('takes a TRUST_PROXY that private and content networks have: %s', (text) => {
    expect(problemsOf({ TRUST_PROXY: text })).toEqual([]);
  });

  it('names every problem at once', () => {
    const problems = problemsOf({ PORT: 'a', CODE_TTL: 'b', SMS_PROVIDERS: 'webhook' });

    expect(problems).toEqual([
      expect.stringMatching(/^PORT /),
      expect.stringMatching(/^CODE_TTL must be a duration from 30s to 10m, like 30s or 5m$/),
      expect.stringMatching(/^SMS_WEBHOOK_URL /),
      expect.stringMatching(/^SMS_WEBHOOK_SECRET /),
    ]);
  });

  it('takes an empty variable for one that is not set', () => {
    const env = parseEnv({ PORT: '', JWT_SECRET: ' ', DATABASE_URL: '' });

    expect(env).toMatchObject({ PORT: 3000, sqliteFile: 'data/tandem.db' });
    expect(env.JWT_SECRET).toBeUndefined();
  });

  it.each(['\uFEFFNODE_ENV', 'NODE_ENV ', '\u200BNODE_ENV'])(
    'refuses a variable that is lost by its name: %j',
    (name) => {
      expect(problemsOf({ [name]: 'production' })).toEqual([
        expect.stringMatching(/^NODE_ENV comes with invisible characters/),
      ]);
    },
  );

  it('ignores variables that it does not know', () => {
    expect(parseEnv({ PATH: '/bin', isProduction: 'true' }).isProduction).toBe(false);
  });

  it('refuses a replica without a primary', () => {
    const REDIS_REPLICA_URL = 'redis://replica.example.com';

    expect(problemsOf({ REDIS_REPLICA_URL })).toEqual(['REDIS_REPLICA_URL needs REDIS_URL']);
    expect(problemsOf({ REDIS_REPLICA_URL, REDIS_URL: 'none' })).toHaveLength(1);
    expect(problemsOf({ REDIS_REPLICA_URL, REDIS_URL: 'redis://db.example.com' })).toEqual([]);
  });
});
