import type { PrivateServer } from '../support/servers/private-server';
import { startRedis } from '../support/servers/redis';
import { describeStandard } from '../support/stores';
import { TestApp } from '../support/test-app';

describeStandard('when Redis is not reachable at the start', () => {
  let redis: PrivateServer;
  let app: TestApp;

  beforeAll(async () => {
    redis = await startRedis();
    await redis.kill();
    app = await TestApp.start({ mode: 'standard', env: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await app.close();
    await redis.remove();
  });

  it('the process lives, is not ready, and becomes so without a restart', async () => {
    const [live, ready] = [await app.get('/health/live'), await app.get('/health/ready')];

    expect(live.status).toBe(200);
    expect(ready).toMatchObject({ status: 503, body: { errorCode: 'UNAVAILABLE' } });

    const early = await app.requestCode();
    await redis.restart();
    expect((await app.untilReady()).body.redis).toBe('up');
    expect((await app.post('/auth/tokens', early)).status).toBe(201);
    expect((await app.post('/auth/tokens', await app.requestCode())).status).toBe(201);
  });
});
