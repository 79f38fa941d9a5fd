import { problemsOf } from '../../test/support/env-problems';
import { databaseAddress, redisAddress } from './store-urls';

const ENCODE = 'write % as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23';
const NODE = 'redis://10.0.0.1';

describe('DATABASE_URL', () => {
  const server = { host: 'db.example.com', port: 3306, username: 'u', password: 'pw' };

  it.each([
    ['mysql://u:pw@db.example.com/tandem', { ...server, database: 'tandem' }],
    ['mysql://u:pw@db.example.com:3307/t', { ...server, port: 3307, database: 't' }],
    ['mysql://u:pw@[::1]:3306/tandem', { ...server, host: '::1', database: 'tandem' }],
    ['mysql://u:pw@db.example.com/my-db', { ...server, database: 'my-db' }],
    ['mysql://u:pw@db.example.com/caf%C3%A9%20%24', { ...server, database: 'café $' }],
    ['mysql://u:p%40%25%3A%2F@db.example.com/t', { ...server, password: 'p@%:/', database: 't' }],
    ['mysql://u:pw@db.example.com/t?charset=utf8mb4', { ...server, database: 't' }],
    [
      'mysql://u:pw@localhost/t?socketPath=/run/mysqld.sock',
      { socketPath: '/run/mysqld.sock', username: 'u', password: 'pw', database: 't' },
    ],
    [
      'mysql://u:pw@/t?socketPath=/cloudsql/project:region:name',
      { socketPath: '/cloudsql/project:region:name', username: 'u', password: 'pw', database: 't' },
    ],
  ])('%s is read', (url, address) => {
    expect(databaseAddress(url)).toEqual(address);
    expect(problemsOf({ DATABASE_URL: url })).toEqual([]);
  });

  it.each([
    ['mysql://u:50%off@db.example.com/t', ENCODE],
    ['mysql://50%off:pw@db.example.com/t', ENCODE],
    ['mysql://u:pw@db.example.com/50%off', ENCODE],
    ['mysql://u:s3#cret@db.example.com/t', ENCODE],
    ['mysql://u:pw@db.example.com/t#s3cret', ENCODE],
    ['mysql://u:pw@::1/t', ENCODE],
    ['mysql://u:pw@db.example.com/a/b', 'must be mysql://'],
    ['mysql://u:pw@db.example.com/a%2Fb', 'rename it'],
    ['mysql://u:pw@db.example.com/a%60b', 'rename it'],
    ['mysql://u:pw@db.example.com/a.b', 'rename it'],
    ['mysql://u:pw@%2Frun%2Fmysqld.sock/t', '?socketPath='],
    ['mysql://u:pw@h/t?socketPath=mysqld.sock', 'does not begin with /'],
    ['mysql://u:pw@h/t?charset=latin1', 'cannot hold every name'],
    ['mysql://u:pw@h/t?ssl-mode=REQUIRED', 'TLS is set by DATABASE_TLS'],
  ])('%s is refused with a sentence', (url, sentence) => {
    const problems = problemsOf({ DATABASE_URL: url });

    expect(problems).toEqual([expect.stringContaining(sentence)]);
    expect(problems[0]).toMatch(/^DATABASE_URL /);
    expect(problems[0]).not.toContain('cret');
  });
});

describe('a URL of Redis', () => {
  it.each([
    [NODE, { host: '10.0.0.1', db: 0 }],
    ['redis://[2001:db8::1]:6380/3', { host: '2001:db8::1', port: 6380, db: 3 }],
    ['rediss://:p%25%40@redis.example.com/', { password: 'p%@', db: 0, isEncrypted: true }],
    ['redis://app:pw@redis.example.com?family=6', { username: 'app', password: 'pw', family: 6 }],
  ])('%s is read', (url, address) => {
    expect(redisAddress(url)).toMatchObject(address);
    expect(problemsOf({ REDIS_URL: url })).toEqual([]);
  });

  it.each([
    ['redis://:50%off@redis.example.com', ENCODE],
    ['redis://:s3#cret@redis.example.com', ENCODE],
    ['redis://redis.example.com/0#s3cret', ENCODE],
    ['redis://::1:6379', ENCODE],
    ['redis:///0', 'must be redis://'],
    ['redis://redis.example.com/cache', 'not the number of a database'],
    ['redis://redis.example.com/-1', 'not the number of a database'],
    ['redis://redis.example.com?db=3', 'not known'],
    ['redis://redis.example.com?family=5', 'family'],
  ])('%s is refused with a sentence, whatever it is for', (url, sentence) => {
    const problems = [
      ...problemsOf({ REDIS_URL: url }),
      ...problemsOf({ REDIS_URL: NODE, REDIS_REPLICA_URL: url }),
      ...problemsOf({ REDIS_URL: 'redis://mymaster', REDIS_SENTINELS: `${NODE},${url}` }),
      ...problemsOf({ REDIS_CLUSTER_NODES: `${NODE},${url}` }),
    ];

    const names = ['REDIS_URL', 'REDIS_REPLICA_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'];
    expect(problems).toEqual(names.map(() => expect.stringContaining(sentence)));
    expect(problems.map((text) => text.split(' ')[0])).toEqual(names);
    expect(problems.join()).not.toContain('cret');
  });

  it.each([
    [
      { REDIS_URL: `${NODE}/1`, REDIS_REPLICA_URL: `${NODE}/2` },
      'REDIS_REPLICA_URL must name database 1, as REDIS_URL does: /1',
    ],
    [
      { REDIS_CLUSTER_NODES: `${NODE}/1` },
      'REDIS_CLUSTER_NODES must name no database: sentinels and clusters have none to choose',
    ],
    [
      { REDIS_URL: NODE, REDIS_TLS: __filename },
      'REDIS_TLS is for addresses that begin with rediss://, and there is none: use one, or unset it',
    ],
    [
      { REDIS_URL: 'rediss://10.0.0.1', REDIS_TLS: 'off' },
      'REDIS_TLS is off, and an address begins with rediss://: unset it, or begin with redis://',
    ],
    [
      { REDIS_URL: 'rediss://10.0.0.1', REDIS_TLS: 'nowhere.pem' },
      'REDIS_TLS must be off, on or a file with the certificates of authorities',
    ],
  ])('%j contradicts itself', (settings, problem) => {
    expect(problemsOf(settings)).toEqual([problem]);
  });
});
