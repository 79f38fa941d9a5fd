import { availableParallelism } from 'node:os';
import { problemsOf } from '../../test/support/env-problems';
import { parseEnv } from './load-env';

const SHARED = {
  DATABASE_URL: 'mysql://user@db.example.com/tandem',
  REDIS_URL: 'redis://redis.example.com',
};

describe('WORKERS', () => {
  it.each([
    ['unset', undefined, 1],
    ['a number', '3', 3],
    ['auto', 'auto', availableParallelism()],
  ])('are, when %s, as many as they say', (_, WORKERS, workers) => {
    expect(parseEnv({ ...SHARED, WORKERS }).workers).toBe(workers);
  });

  it.each([
    ['SQLite', { ...SHARED, DATABASE_URL: 'sqlite:data/tandem.db' }],
    ['no database named', { ...SHARED, DATABASE_URL: undefined }],
    ['no Redis', { ...SHARED, REDIS_URL: 'none' }],
  ])('of more than one are refused with %s, where auto means one', (_, stores) => {
    expect(problemsOf({ ...stores, WORKERS: '2' })).toEqual([
      'WORKERS need MySQL and Redis to share: set DATABASE_URL to mysql://… and REDIS_URL (or REDIS_CLUSTER_NODES), or WORKERS to 1',
    ]);
    expect(parseEnv({ ...stores, WORKERS: 'auto' }).workers).toBe(1);
  });

  it('may share a Redis Cluster', () => {
    const REDIS_CLUSTER_NODES = SHARED.REDIS_URL;
    const env = { ...SHARED, REDIS_URL: undefined, REDIS_CLUSTER_NODES, WORKERS: '2' };

    expect(problemsOf(env)).toEqual([]);
  });

  it('need an id each', () => {
    const four = { ...SHARED, WORKERS: '4' };

    expect(problemsOf({ ...four, WORKER_ID: '1020' })).toEqual([]);
    expect(problemsOf({ ...four, WORKER_ID: '1021' })).toEqual([
      'WORKER_ID is that of the first of 4 WORKERS: it must be at most 1020',
    ]);
  });

  it('leave it to chance where their ids begin', () => {
    const drawn = Array.from({ length: 200 }, () => problemsOf({ ...SHARED, WORKERS: '256' }));

    expect(drawn.flat()).toEqual([]);
  });

  it('are refused with everything else that is wrong', () => {
    expect(problemsOf({ WORKERS: 'many', PORT: 'a' })).toEqual([
      expect.stringMatching(/^PORT /),
      'WORKERS must be auto or a whole number from 1 to 256',
    ]);
    for (const WORKERS of ['0', '257', '1.5', '-1', 'AUTO']) {
      expect(problemsOf({ ...SHARED, WORKERS })).toHaveLength(1);
    }
  });
});
