import { askAgain, askForCode, presentCode } from '../support/codes';
import { inTime } from '../support/deadline';
import { randomMobile } from '../support/mobile';
import { holdsChallenge } from '../support/replication';
import { asTandem } from '../support/redis-rights';
import type { PrivateServer } from '../support/servers/private-server';
import { withRedis } from '../support/servers/redis';
import { type RedisSentinels, startRedisSentinels } from '../support/servers/redis-sentinels';
import { describeStandard } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

describeStandard('with Redis Sentinel', () => {
  let redis: RedisSentinels;
  let app: TestApp;

  beforeEach(async () => {
    redis = await startRedisSentinels();
    app = await TestApp.start({
      mode: 'standard',
      env: { ...asTandem(redis.env), TRUST_PROXY: '1' },
    });
    await redisIs('up');
  });
  afterEach(async () => {
    await app.close();
    await redis.remove();
  });

  const redisIs = (status: string) =>
    until(async () => (await app.get('/health/ready')).body.redis === status);

  /** Asks for a code, which this server then holds. */
  const askWith = async (server: PrivateServer) => {
    const mobile = randomMobile();
    const code = await askForCode(app, mobile);
    await until(() => holdsChallenge(server, mobile));
    return { mobile, code };
  };
  /** Resolves once new codes go to this server. */
  const untilUsed = (server: PrivateServer) =>
    until(async () => {
      const mobile = randomMobile();
      await inTime(askForCode(app, mobile));
      // Its connections are closed when it becomes the primary.
      return holdsChallenge(server, mobile).catch(() => false);
    });
  const present = ({ mobile, code }: { mobile: string; code: string }) =>
    inTime(presentCode(app, mobile, code));
  /** Like a client that tries again when it is asked to, and asks for one more code when the first was lost. */
  const logIn = async () => {
    const mobile = randomMobile();
    const first = await presentPatiently(mobile, await inTime(askForCode(app, mobile)));
    return first === 400 ? presentPatiently(mobile, await askAgain(app, mobile)) : first;
  };
  const presentPatiently = async (mobile: string, code: string) => {
    for (;;) {
      const { status } = await present({ mobile, code });
      if (status !== 503) return status;
    }
  };

  it('logs in all the time while the primary dies and another takes over', async () => {
    const sent = await askWith(redis.replica);
    await redis.primary.kill();

    const fromReplica = await present(sent);
    const again = await present(sent);
    const during = [await logIn(), await logIn()];
    await redis.untilPrimaryIs(redis.replica);
    await redisIs('up');

    expect([fromReplica.status, again.body.errorCode, ...during]).toEqual([
      201,
      'INVALID_CODE',
      201,
      201,
    ]);
    expect((await present(sent)).body.errorCode).toBe('INVALID_CODE');
    expect((await present(await askWith(redis.replica))).status).toBe(201);
  });

  it('rule 13: an operator who makes the replica the primary costs nobody more than one more SMS', async () => {
    const sent = await askWith(redis.replica);

    const statuses: number[] = [];
    const over = new AbortController();
    const switching = redis.failOver().finally(() => over.abort());
    while (!over.signal.aborted) statuses.push(await logIn());
    await switching;
    await untilUsed(redis.replica);

    expect(new Set(statuses)).toEqual(new Set([201]));
    expect((await present(sent)).status).toBe(201);
  });

  it('rule 6: a failover that loses the last writes revives no used code', async () => {
    const used = await askWith(redis.replica);
    await order(redis.replica, 'REPLICAOF', '127.0.0.1', '1');
    expect((await present(used)).status).toBe(201);

    redis.primary.pause();
    await untilUsed(redis.replica);
    const isRevived = await holdsChallenge(redis.replica, used.mobile);

    expect(isRevived).toBe(true);
    expect((await present(used)).body.errorCode).toBe('INVALID_CODE');
  });

  it('leaves a primary that only the sentinels have lost', async () => {
    await order(
      redis.primary,
      'ACL',
      'SETUSER',
      'default',
      '-ping',
      '-info',
      '-slaveof',
      '-client',
    );
    await redis.untilPrimaryIs(redis.replica);

    await untilUsed(redis.replica);

    expect(await logIn()).toBe(201);
  });

  it('does without while every sentinel is dead, and changes nothing', async () => {
    await Promise.all(redis.sentinels.map((sentinel) => sentinel.kill()));

    expect(await logIn()).toBe(201);
    await redis.primary.kill();
    expect(await logIn()).toBe(201);
  });
});

const order = ({ port }: PrivateServer, command: string, ...words: string[]) =>
  withRedis(port, (client) => client.call(command, ...words));
