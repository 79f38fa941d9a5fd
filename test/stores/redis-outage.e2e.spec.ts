import { Logger } from '@nestjs/common';
import { otherThan } from '../support/codes';
import { lapseCooldown } from '../support/lapse';
import { requestReplicatedCode, startReplicated, stopReplicated } from '../support/replication';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis } from '../support/servers/redis';
import { describeStandard } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const redisIs = (app: TestApp, status: string) =>
  until(async () => (await app.get('/health/ready')).body.redis === status);

describeStandard('when the Redis primary dies and a replica lives', () => {
  let primary: PrivateServer;
  let replica: PrivateServer;
  let app: TestApp;

  beforeAll(async () => {
    ({ primary, replica, app } = await startReplicated());
  });
  afterAll(() => stopReplicated({ primary, replica, app }));
  beforeEach(() => primary.restart().then(() => redisIs(app, 'up')));

  it('accepts a code that was already sent once, also after the primary is back with its old data', async () => {
    const request = await requestReplicatedCode(app, replica);
    await primary.kill();

    const first = await app.post('/auth/tokens', request);
    const second = await app.post('/auth/tokens', request);
    await primary.restart();
    await redisIs(app, 'up');
    const third = await app.post('/auth/tokens', request);

    expect(first.status).toBe(201);
    expect([second, third].map(({ body }) => body.errorCode)).toEqual([
      'INVALID_CODE',
      'INVALID_CODE',
    ]);
  });

  it('rule 6: 10 parallel logins with the same code make one session', async () => {
    const request = await requestReplicatedCode(app, replica);
    await primary.kill();

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => app.post('/auth/tokens', request)),
    );

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => ![201, 400, 429].includes(status))).toEqual([]);
  });

  it('refuses a wrong code', async () => {
    const { mobile, code } = await requestReplicatedCode(app, replica);
    await primary.kill();

    const wrong = code.replace(/^./, (digit) => String((Number(digit) + 1) % 10));
    const answer = await app.post('/auth/tokens', { mobile, code: wrong });

    expect(answer.body.errorCode).toBe('INVALID_CODE');
    expect((await app.post('/auth/tokens', { mobile, code })).status).toBe(201);
  });

  it('logs the fault', async () => {
    const error = jest.spyOn(Logger.prototype, 'error');
    const request = await requestReplicatedCode(app, replica);
    await primary.kill();

    await app.post('/auth/tokens', request);

    for (const fault of [
      'Redis is unreachable',
      'Redis unreachable: challenge is read from the replica or SQL',
    ]) {
      await until(() => error.mock.calls.some(([, message]) => message === fault));
    }
    error.mockRestore();
  });
});

describeStandard('when the only Redis dies', () => {
  let redis: PrivateServer;
  let app: TestApp;

  beforeAll(async () => {
    redis = await startRedis();
    app = await TestApp.start({ mode: 'standard', env: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await app.close();
    await redis.remove();
  });
  beforeEach(() => redis.restart().then(() => redisIs(app, 'up')));

  it('stays ready', async () => {
    await redis.kill();
    await redisIs(app, 'down');

    const { status, body } = await app.get('/health/ready');

    expect([status, body]).toEqual([200, { status: 'ok', database: 'up', redis: 'down' }]);
  });

  it('sends new codes that work, during the outage and after it', async () => {
    await redis.kill();
    const during = await app.requestCode();
    const after = await app.requestCode();

    expect((await app.post('/auth/tokens', during)).status).toBe(201);
    await redis.restart();
    await redisIs(app, 'up');
    expect((await app.post('/auth/tokens', after)).status).toBe(201);
    for (const spent of [during, after]) {
      expect((await app.post('/auth/tokens', spent)).body.errorCode).toBe('INVALID_CODE');
    }
  });

  it('takes no code that Redis may know for a wrong one, and counts no guess', async () => {
    const [request, other] = [await app.requestCode(), await app.requestCode()];
    await redis.kill();
    const during: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      during.push((await app.post('/auth/tokens', request)).status);
    }
    await lapseCooldown(app, other.mobile);
    const resent = await app.requestCode(other.mobile);
    const wrong = await app.post('/auth/tokens', { ...resent, code: otherThan(resent.code) });
    await redis.restart();
    await redisIs(app, 'up');

    expect(during).toEqual(Array(12).fill(503));
    expect(wrong.body.errorCode).toBe('INVALID_CODE');
    expect((await app.post('/auth/tokens', request)).status).toBe(201);
  });

  it('takes no code for a wrong one because an older one is in SQL, but counts the guess', async () => {
    await redis.kill();
    const { mobile } = await app.requestCode();
    await redis.restart();
    await redisIs(app, 'up');
    await lapseCooldown(app, mobile);
    const newer = await app.requestCode(mobile);
    await redis.kill();

    const during: number[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      during.push((await app.post('/auth/tokens', newer)).status);
    }
    await redis.restart();
    await redisIs(app, 'up');

    // Two guesses, half of those of a request; then nothing is judged any more.
    expect(during).toEqual([503, 503, 400, 400, 400, 400]);
    expect((await app.post('/auth/tokens', newer)).status).toBe(201);
  });

  it('rule 10: opens guarded routes, refreshes, and keeps revoked what is revoked', async () => {
    const [stays, leaves] = [await app.logIn(), await app.logIn()];
    await redis.kill();

    const logout = await app.delete('/auth/tokens', { token: leaves.token });

    expect(logout.status).toBe(204);
    expect((await app.get('/users/me', { token: stays.token })).status).toBe(200);
    expect((await app.put('/auth/tokens', undefined, { token: stays.refresh_token })).status).toBe(
      201,
    );
    expect((await app.get('/users/me', { token: leaves.token })).status).toBe(401);
    expect((await app.put('/auth/tokens', undefined, { token: leaves.refresh_token })).status).toBe(
      403,
    );
  });
});
