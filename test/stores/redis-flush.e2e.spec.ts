import Redis from 'ioredis';
import { challengeKey } from '../support/challenge-key';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis } from '../support/servers/redis';
import { describeStandard } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

describeStandard('when Redis is flushed', () => {
  let redis: PrivateServer;
  let app: TestApp;
  let stays: LoggedIn;
  let left: LoggedIn;
  let waiting: { mobile: string; code: string };

  beforeAll(async () => {
    redis = await startRedis();
    app = await TestApp.start({ mode: 'standard', env: { REDIS_URL: redis.url } });
    [stays, left] = [await app.logIn(), await app.logIn()];
    await app.delete('/auth/tokens', { token: left.token });
    waiting = await app.requestCode();
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  });
  afterAll(async () => {
    await app.close();
    await redis.remove();
  });

  it('rule 13: no session is lost', async () => {
    const { token, refresh_token } = stays;

    expect((await app.get('/users/me', { token })).status).toBe(200);
    expect((await app.put('/auth/tokens', undefined, { token: refresh_token })).status).toBe(201);
  });

  it('rule 13: no revoked token is revived', async () => {
    const { token, refresh_token } = left;

    expect((await app.get('/users/me', { token })).status).toBe(401);
    expect((await app.put('/auth/tokens', undefined, { token: refresh_token })).status).toBe(403);
  });

  it('rule 13: no used code is revived, and a lost one costs one more SMS', async () => {
    const spent = await app.post('/auth/tokens', { mobile: stays.mobile, code: stays.code });
    const lost = await app.post('/auth/tokens', waiting);
    const again = await app.post('/auth/tokens', await app.requestCode(waiting.mobile));

    expect([spent, lost].map(({ body }) => body.errorCode)).toEqual([
      'INVALID_CODE',
      'INVALID_CODE',
    ]);
    expect(again.status).toBe(201);
  });

  it('rule 13: its scripts are loaded again', async () => {
    const client = new Redis(redis.url);
    await client.script('FLUSH');

    const request = await app.requestCode();
    const keys = await client.keys(challengeKey(request.mobile));
    const login = await app.post('/auth/tokens', request);
    const again = await app.post('/auth/tokens', request);

    expect(keys).toHaveLength(1);
    expect([login.status, again.status]).toEqual([201, 400]);
    client.disconnect();
  });
});
