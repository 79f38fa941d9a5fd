import { MoreThan } from 'typeorm';
import { Challenge } from '../../src/codes/challenge.entity';
import { askForCode, presentCode } from '../support/codes';
import { within } from '../support/deadline';
import { randomMobile } from '../support/mobile';
import { challengeKey } from '../support/challenge-key';
import { asTandem } from '../support/redis-rights';
import { withRedis } from '../support/servers/redis';
import { type RedisCluster, type Shard, startRedisCluster } from '../support/servers/redis-cluster';
import { describeStandard } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

/** Seconds: each of several commands may wait for a node that hangs. */
const DEADLINE = 10;

interface SentCode {
  readonly mobile: string;
  readonly code: string;
}

describeStandard('with Redis Cluster', () => {
  let redis: RedisCluster;
  let app: TestApp;

  beforeAll(async () => {
    redis = await startRedisCluster();
    app = await TestApp.start({
      mode: 'standard',
      env: { ...asTandem(redis.env), TRUST_PROXY: '1' },
    });
    await redisIs('up');
  });
  afterAll(async () => {
    await app.close();
    await redis.remove();
  });

  const redisIs = (status: string) =>
    until(async () => (await app.get('/health/ready')).body.redis === status);
  /** What Redis did not take. */
  const challengesInSql = () =>
    app.sql.getRepository(Challenge).countBy({ expiresAt: MoreThan(new Date()) });

  const ask = async (mobile = randomMobile()): Promise<SentCode> => ({
    mobile,
    code: await within(DEADLINE, askForCode(app, mobile)),
  });
  const present = async ({ mobile, code }: SentCode) =>
    (await within(DEADLINE, presentCode(app, mobile, code))).body.errorCode ?? 'logged in';
  const numberOf = async (shard: Shard): Promise<string> => {
    const mobile = randomMobile();
    return (await redis.shardOf(challengeKey(mobile))) === shard ? mobile : numberOf(shard);
  };

  it('logs in, also after its scripts were flushed', async () => {
    const sent = await Promise.all(redis.shards.map(async (shard) => ask(await numberOf(shard))));
    for (const { master } of redis.shards) {
      await withRedis(master.port, (client) => client.script('FLUSH'));
    }

    expect(await Promise.all(sent.map(present))).toEqual(Array(3).fill('logged in'));
    expect(await Promise.all(sent.map(present))).toEqual(Array(3).fill('INVALID_CODE'));
    expect(await challengesInSql()).toBe(0);
  });

  it('logs in all the time while slots move, with every code in Redis', async () => {
    const [from, to] = redis.shards as [Shard, Shard];
    const atHome = await ask(await numberOf(from));
    const moved = await ask(await numberOf(from));
    const late = await ask(await numberOf(from));
    const fresh = await numberOf(from);
    const keys = [atHome.mobile, moved.mobile, late.mobile, fresh].map(challengeKey);
    const moves = await Promise.all(keys.map((key) => redis.startMove(key, to)));

    const outcomes = [await present(atHome)];
    const early = await ask(fresh);
    await Promise.all(moves.map((move) => move.moveKeys()));
    outcomes.push(await present(moved), await present(early));
    await Promise.all(moves.map((move) => move.finish()));
    outcomes.push(await present(late), await present(late));

    expect(outcomes).toEqual([...Array(4).fill('logged in'), 'INVALID_CODE']);
    expect(await challengesInSql()).toBe(0);
  });

  it.each([
    ['dies', 0, ({ master }: Shard) => master.kill()],
    ['hangs', 1, async ({ master }: Shard) => master.pause()],
  ])(
    'loses no login when a master %s, and the other numbers notice nothing',
    async (_, index, fail) => {
      const shard = redis.shards[index]!;
      const mobiles = [
        await numberOf(shard),
        await numberOf(shard),
        await numberOf(redis.shards[2]!),
      ];
      const [sent, fresh, elsewhere] = mobiles as [string, string, string];
      const before = [await ask(sent), await ask(elsewhere)];
      await redis.untilInSync(shard);
      await holdBack(shard);
      await fail(shard);

      const during = [await ask(fresh), await ask(await numberOf(redis.shards[2]!))];
      const inSql = await challengesInSql();
      const outcomes: string[] = [];
      for (const code of [...before, ...during]) outcomes.push(await present(code));
      const whileAway = (await app.get('/health/ready')).body.redis;
      await takeOver(shard);
      await redisIs('up');
      const after = await ask(await numberOf(shard));

      expect([inSql, whileAway]).toEqual([1, 'down']);
      expect(outcomes).toEqual(Array(4).fill('logged in'));
      expect(await present(before[0]!)).toBe('INVALID_CODE');
      expect(await present(after)).toBe('logged in');
      expect(await challengesInSql()).toBe(0);
    },
  );
});

/** Keeps the replica a replica, however long its master is away. */
const holdBack = ({ replica }: Shard) =>
  withRedis(replica.port, (node) => node.config('SET', 'cluster-replica-no-failover', 'yes'));

const takeOver = ({ replica }: Shard) =>
  withRedis(replica.port, (node) => node.cluster('FAILOVER', 'TAKEOVER'));
