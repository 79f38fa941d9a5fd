import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import Redis, { Cluster } from 'ioredis';
import { sqlStore } from '../../test/support/challenge-stores';
import { FaultProxy } from '../../test/support/fault-proxy';
import { randomMobile } from '../../test/support/mobile';
import type { PrivateServer } from '../../test/support/servers/private-server';
import { startRedis } from '../../test/support/servers/redis';
import { describeStandard } from '../../test/support/stores';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { parseEnv } from '../config/load-env';
import type { Challenge } from './challenge.entity';
import { UnjudgedError } from './challenge-store';
import { FailoverChallengeStore } from './failover-challenge.store';
import { TEST_KEYS } from '../../test/support/challenge-key';
import { newLimiter } from '../../test/support/new-limiter';
import { RedisChallengeStore } from './redis-challenge.store';

describeStandard('a Redis that does what it is told, and is not heard', () => {
  let server: PrivateServer;
  let proxy: FaultProxy;
  let redis: Redis;
  let sql: Awaited<ReturnType<typeof sqlStore>>;
  let store: FailoverChallengeStore;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await startRedis();
    proxy = await FaultProxy.before(server.port);
    redis = new Redis(proxy.port, '127.0.0.1', { commandTimeout: 200 });
    redis.on('error', () => undefined);
    sql = await sqlStore('embedded');
    const limiter = newLimiter();
    const [clock, env] = [new Clock(), parseEnv({})];
    const primary = new RedisChallengeStore(redis, clock, env, limiter, TEST_KEYS);
    store = new FailoverChallengeStore(primary, undefined, sql.store, clock, env, limiter);
  });
  afterAll(async () => {
    redis.disconnect();
    await Promise.all([proxy.close(), sql.close()]);
    await server.remove();
  });

  const consume = ({ mobile, tag }: Challenge) =>
    store.consume({ mobile, tags: [tag], charges: {} });

  /** @returns the challenge whose code is sent. */
  const openUnheard = async (mobile: E164) => {
    proxy.break({ kind: 'half-open' });
    const opened = await store.open(challenge(mobile), challenge(mobile));
    proxy.heal();
    return opened;
  };

  it('rule 6: no challenge that was spent is handed out again', async () => {
    const mobile = randomMobile() as E164;
    const first = await openUnheard(mobile);
    const spent = await consume(first);

    const second = await openUnheard(mobile);

    expect(spent).toEqual(first);
    expect(second.id).not.toBe(first.id);
    expect(await consume(second)).toEqual(second);
  });
});

describe('a Redis Cluster that counts, and whose part with the challenges is away', () => {
  let sql: Awaited<ReturnType<typeof sqlStore>>;
  let store: FailoverChallengeStore;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    sql = await sqlStore('embedded');
    const cluster = new Cluster([{ port: 1 }], { lazyConnect: true });
    const limiter = newLimiter();
    const [clock, env] = [new Clock(), parseEnv({})];
    const primary = new RedisChallengeStore(cluster, clock, env, limiter, TEST_KEYS);
    Object.assign(cluster, { consumeChallenge: () => Promise.reject(new Error('CLUSTERDOWN')) });
    store = new FailoverChallengeStore(primary, undefined, sql.store, clock, env, limiter);
  });
  afterAll(() => sql.close());

  it('rule 7: costs nobody a guess that no store has judged', async () => {
    const { mobile, tag } = challenge(randomMobile() as E164);
    const consume = () =>
      store.consume({ mobile, tags: [tag], charges: { 'guesses-per-number': mobile } });

    for (let count = 0; count < 20; count++) {
      await expect(consume()).rejects.toBeInstanceOf(UnjudgedError);
    }
  });
});

function challenge(mobile: E164): Challenge {
  const [id, tag] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  return { mobile, id, tag, expiresAt: new Date(Date.now() + 60_000) };
}
