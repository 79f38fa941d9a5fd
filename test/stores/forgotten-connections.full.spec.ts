import { setTimeout as delay } from 'node:timers/promises';
import { FaultProxy } from '../support/fault-proxy';
import { startRedis } from '../support/servers/redis';
import { describeStandard, freshDatabase } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { until } from '../support/until';

/** Longer than a silent connection is trusted: that is a second. */
const FORGETS_AFTER_MS = 1200;
const QUIET_MS = 1500;

describeStandard('a proxy that forgets connections without a word', () => {
  let proxy: FaultProxy;
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    const url = new URL(await freshDatabase());
    proxy = await FaultProxy.before(Number(url.port));
    url.port = String(proxy.port);
    app = await TestApp.start({ mode: 'standard', env: { DATABASE_URL: url.href } });
    user = await app.logIn();
  });
  afterAll(async () => {
    await app.close();
    await proxy.close();
  });

  const statusesOf = async (count: number) => {
    const { token } = user;
    const asked = Array.from({ length: count }, () => app.get('/users/me', { token }));
    return new Set((await Promise.all(asked)).map(({ status }) => status));
  };

  it('is not noticed by anyone: dead connections are replaced before they are used', async () => {
    expect(await statusesOf(20)).toEqual(new Set([200]));
    proxy.break({ kind: 'forgetful', milliseconds: FORGETS_AFTER_MS });

    await delay(QUIET_MS);

    expect(await statusesOf(12)).toEqual(new Set([200]));
    expect(await statusesOf(17)).toEqual(new Set([200]));
  });

  it('costs one request its deadline at most when it forgets all of them at once', async () => {
    expect(await statusesOf(20)).toEqual(new Set([200]));
    proxy.forgetAll();

    await app.get('/users/me', { token: user.token });

    expect(await statusesOf(17)).toEqual(new Set([200]));
  });
});

describeStandard('a proxy that has forgotten the connections to Redis', () => {
  it('costs nobody a code: they are replaced without a request', async () => {
    const redis = await startRedis();
    const proxy = await FaultProxy.before(redis.port);
    const app = await TestApp.start({ env: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` } });
    const request = await app.requestCode();
    const isUp = async () => (await app.get('/health/ready')).body.redis === 'up';

    proxy.forgetAll();
    await until(async () => !(await isUp()));
    await until(isUp);

    expect((await app.post('/auth/tokens', request)).status).toBe(201);
    await app.close();
    await proxy.close();
    await redis.remove();
  });
});
