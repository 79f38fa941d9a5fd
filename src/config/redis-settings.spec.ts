import { problemsOf } from '../../test/support/env-problems';
import { parseEnv } from './load-env';

const SENTINELS = 'redis://:s3cr3t@10.0.0.1:26379, redis://:s3cr3t@10.0.0.2';
const NODES = 'rediss://app:s3cr3t@10.0.0.1:6379,rediss://app:s3cr3t@[2001:db8::1]';
const EITHER = 'redis://redis.example.com';

describe('the settings of Redis', () => {
  it.each([
    ['one server', { REDIS_URL: EITHER }, true],
    ['one server with a replica', { REDIS_URL: EITHER, REDIS_REPLICA_URL: EITHER }, true],
    ['sentinels', { REDIS_URL: 'redis://mymaster/0', REDIS_SENTINELS: SENTINELS }, true],
    ['a cluster', { REDIS_CLUSTER_NODES: NODES }, true],
    ['a cluster instead of none', { REDIS_URL: 'none', REDIS_CLUSTER_NODES: NODES }, true],
    ['none', { REDIS_URL: 'none' }, false],
  ])('may name %s', (_what, settings, hasRedis) => {
    expect(parseEnv(settings).hasRedis).toBe(hasRedis);
  });

  it.each([
    ['a cluster and a server', { REDIS_CLUSTER_NODES: NODES, REDIS_URL: EITHER }, 'REDIS_URL'],
    [
      'a cluster and a replica',
      { REDIS_CLUSTER_NODES: NODES, REDIS_REPLICA_URL: EITHER },
      'REDIS_REPLICA_URL',
    ],
    [
      'a cluster and all else',
      {
        REDIS_CLUSTER_NODES: NODES,
        REDIS_URL: EITHER,
        REDIS_REPLICA_URL: EITHER,
        REDIS_SENTINELS: SENTINELS,
      },
      'REDIS_URL and REDIS_REPLICA_URL and REDIS_SENTINELS',
    ],
  ])('may not name %s', (_what, settings, others) => {
    expect(problemsOf(settings)).toEqual([
      `REDIS_CLUSTER_NODES names a Redis with its replicas: unset ${others}`,
    ]);
  });

  it.each([undefined, 'none'])('need the name of a group for sentinels (%s)', (REDIS_URL) => {
    expect(problemsOf({ REDIS_URL, REDIS_SENTINELS: SENTINELS })).toEqual([
      'REDIS_SENTINELS needs REDIS_URL with the name of the group: redis://:password@mymaster',
    ]);
  });

  it.each([
    '10.0.0.1:6379',
    'http://10.0.0.1',
    'redis://',
    'redis://10.0.0.1,',
    'redis://:one@10.0.0.1,redis://:other@10.0.0.2',
    'redis://10.0.0.1,rediss://10.0.0.2',
  ])('may not list %s', (urls) => {
    expect(problemsOf({ REDIS_CLUSTER_NODES: urls })).toEqual([
      expect.stringMatching(/^REDIS_CLUSTER_NODES must be a comma-separated list of redis:/),
    ]);
    expect(problemsOf({ REDIS_URL: 'redis://mymaster', REDIS_SENTINELS: urls })).toHaveLength(1);
  });

  it('do not repeat a password in what is wrong with them', () => {
    const problems = problemsOf({ REDIS_CLUSTER_NODES: `${NODES},${SENTINELS}`, PORT: 'a' });

    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('s3cr3t');
  });
});
