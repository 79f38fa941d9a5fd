import { createRedisConnection } from '@nestjs-modules/ioredis';
import { BackgroundJobsService } from '../../src/common/background-jobs.service';
import { parseEnv } from '../../src/config/load-env';
import { primaryConnection } from '../../src/storage/redis-connections';
import { RedisHealthService } from '../../src/storage/redis-health.service';
import { type RedisClient, RedisService } from '../../src/storage/redis.service';
import { ownChallengeKey } from '../support/challenge-key';
import { REDIS_RIGHTS, tandemUser } from '../support/redis-rights';
import { scrape } from '../support/prometheus';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis, withRedis } from '../support/servers/redis';
import { describeStandard } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const PREFIX = 'shop-auth:';
const RIGHTS = REDIS_RIGHTS.server.split(' ');
/** What a connection needs before it is used, and to stay. */
const OF_CONNECTIONS = new Set(['+ping', '+info', '+select']);

const without = (...rights: string[]) =>
  RIGHTS.filter((right) => !rights.includes(right)).join(' ');
const user = (rights: string) => ['tandem', 'reset', 'on', 'nopass', ...rights.split(' ')];

const ofPrefix = (rights: string) => rights.replace('~tandem:*', `~${PREFIX}*`);

const asAdmin = ({ port }: PrivateServer, [command, ...words]: string[]) =>
  withRedis(port, (client) => client.call(command!, ...words));

const labelsOf = async (app: TestApp) =>
  (await scrape(app)).find(({ name }) => name === 'tandem_redis_status')?.labels;

describeStandard('a user of Redis', () => {
  let redis: PrivateServer;
  let app: TestApp;

  const allow = (rights: string) => asAdmin(redis, ['ACL', 'SETUSER', ...user(ofPrefix(rights))]);
  const ready = async () => (await app.get('/health/ready')).body;
  const statusMetric = () => labelsOf(app);

  beforeAll(async () => {
    redis = await startRedis();
    await allow(REDIS_RIGHTS.server);
    const REDIS_URL = `redis://tandem@127.0.0.1:${redis.port}/1`;
    app = await TestApp.start({ env: { REDIS_URL, REDIS_KEY_PREFIX: PREFIX, TRUST_PROXY: '1' } });
  });
  afterAll(async () => {
    await app.close();
    await redis.remove();
  });

  it('rule 26: with exactly the documented rights serves codes and limits', async () => {
    await app.logIn();
    const { mobile } = await app.requestCode();
    const wrong = await app.post('/auth/tokens', { mobile, code: '000000' });
    const again = await app.post('/auth/codes', { mobile });

    expect([wrong.status, again.status]).toEqual([400, 429]);
    expect(await ready()).toEqual({ status: 'ok', database: 'up', redis: 'up' });
    expect(await statusMetric()).toEqual({ status: 'up', problem: '' });
    expect(await asAdmin(redis, ['ACL', 'LOG'])).toEqual([]);
    const keys = await withRedis(redis.port, async (client) => {
      await client.select(1);
      return client.keys('*');
    });
    expect(keys).toContain(PREFIX + ownChallengeKey(mobile));
    expect(keys.filter((key) => !key.startsWith(PREFIX))).toEqual([]);
  });

  it.each([
    ['without EVAL', without('+eval', '+evalsha')],
    ['for other keys', REDIS_RIGHTS.server.replace('~tandem:*', '~shop:*')],
  ])('rule 26: %s is degraded, which readiness and a metric say', async (_what, rights) => {
    await allow(rights);

    await until(async () => (await ready()).redis === 'degraded');

    expect(await ready()).toMatchObject({ status: 'ok', redis_problem: 'NOPERM' });
    expect(await statusMetric()).toEqual({ status: 'degraded', problem: 'NOPERM' });
    expect((await app.logIn()).token).toBeDefined();
    await allow(REDIS_RIGHTS.server);
    await until(async () => (await ready()).redis === 'up');
  });
});

describeStandard('what a node tries of Redis', () => {
  let server: PrivateServer;
  let redis: RedisClient;
  let service: RedisService;
  let health: RedisHealthService;
  let look: () => Promise<void>;

  beforeAll(async () => {
    server = await startRedis({ settings: { user: tandemUser(REDIS_RIGHTS.server) } });
    const env = parseEnv({ REDIS_URL: `redis://tandem@127.0.0.1:${server.port}` });
    redis = createRedisConnection(primaryConnection(env));
    service = new RedisService(env, redis);
    const jobs = new BackgroundJobsService();
    const every = jest.spyOn(jobs, 'every');
    health = new RedisHealthService(service, jobs, redis);
    look = every.mock.calls[0]![2] as typeof look;
    await until(() => service.status === 'up');
  });
  afterAll(async () => {
    service.onApplicationShutdown();
    await server.remove();
  });

  it.each(RIGHTS.filter((right) => !OF_CONNECTIONS.has(right)))(
    'rule 26: shows that the right %s is missing',
    async (right) => {
      await asAdmin(server, ['ACL', 'SETUSER', ...user(without(right))]);
      await asAdmin(server, ['SCRIPT', 'FLUSH']);
      await look();
      const missing = health.health;
      await asAdmin(server, ['ACL', 'SETUSER', ...user(REDIS_RIGHTS.server)]);
      await look();

      expect(missing).toEqual({ status: 'degraded', problem: 'NOPERM' });
      expect(health.health).toEqual({ status: 'up' });
    },
  );
});

describeStandard('REDIS_URL with the number of a database that there is not', () => {
  it('keeps the node from becoming ready, which says why, and uses no other', async () => {
    const redis = await startRedis();
    const app = await TestApp.start({ env: { REDIS_URL: `${redis.url}/99` } });

    await app.requestCode();
    const no = 'Redis has no database of the number in REDIS_URL.';
    await until(async () => (await app.get('/health/ready')).body.message === no);

    expect((await app.get('/health/ready')).status).toBe(503);
    expect(await labelsOf(app)).toEqual({ status: 'missing', problem: 'NO_SUCH_DATABASE' });
    expect(await asAdmin(redis, ['DBSIZE'])).toBe(0);
    await app.close();
    await redis.remove();
  });
});
