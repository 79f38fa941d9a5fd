import { Controller, Get } from '@nestjs/common';
import { holdBackgroundJobs } from '../support/background-jobs';
import { randomMobile } from '../support/mobile';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { type RoundTrips, roundTrips } from '../support/round-trips';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis } from '../support/servers/redis';
import { describeStandard } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

/** Nothing happens but what the test asks for. */
holdBackgroundJobs();

@Controller('order')
class OrderController {
  @Get()
  order() {
    return 'order';
  }
}

/** A login opens a session in one transaction of five statements: two tell of it. */
const OPENING = { begin: 1, update: 1, insert_select: 3, select: 1, commit: 1 };
/** One by code also adds a device, notes that for its user, and drops what is too many. */
const WITH_DEVICE = { ...OPENING, insert_select: 5, delete: 1 };

describeStandard('what a request asks the stores', () => {
  const controllers = [OrderController];
  let redis: PrivateServer;
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    redis = await startRedis();
    const LIMITS = 'code-cooldown=2/1h,easy-codes-per-prefix=2/1h';
    const env = { DATABASE_POOL_SIZE: '1', REDIS_URL: redis.url, LIMITS, CAPTCHA: 'altcha' };
    app = await TestApp.start({ mode: 'standard', env, controllers });
    // Redis learns the scripts from their first use.
    user = await registerWithPassword(app);
  });
  afterAll(async () => {
    await app.close();
    await redis.remove();
  });

  const counting = async (expected: number, send: () => Promise<{ status: number }>) => {
    let status: number | undefined;
    const asked = await roundTrips(app, async () => {
      status = (await send()).status;
    });
    expect(status).toBe(expected);
    return asked;
  };
  const logInByCode = async (mobile?: string, shown = {}): Promise<RoundTrips> => {
    const request = await app.requestCode(mobile);
    return counting(201, () => app.post('/auth/tokens', { ...request, ...shown }));
  };
  const refresh = ({ refresh_token: token }: LoggedIn) =>
    counting(201, () => app.put('/auth/tokens', undefined, { token }));

  it('is a transaction of eight statements for a login, and in Redis who asked, the code, what it was counted as, and what its use gives back', async () => {
    const { mobile } = await app.logIn();

    expect(await logInByCode(mobile)).toEqual({
      redis: ['get', 'evalsha', 'get', 'evalsha'],
      sqlCalls: 1,
      sql: { ...WITH_DEVICE, all: 10 },
    });
  });

  it('is a look at the device in SQL for a login that shows a device token', async () => {
    const { mobile, device_token } = await app.logIn();

    expect(await logInByCode(mobile, { device_token })).toEqual({
      redis: ['get', 'evalsha', 'get', 'evalsha'],
      sqlCalls: 2,
      sql: { ...WITH_DEVICE, select: 2, update: 2, all: 12 },
    });
  });

  it('is in Redis who asked, and the code, and one look-up in SQL for a wrong code', async () => {
    const { mobile } = await app.requestCode();

    const asked = await counting(400, () => app.post('/auth/tokens', { mobile, code: '000000' }));

    expect(asked).toEqual({
      redis: ['get', 'evalsha'],
      sqlCalls: 1,
      sql: { select: 1, all: 1 },
    });
  });

  it('is in Redis no question who asked when that is shown', async () => {
    const { mobile } = await app.logIn();
    const { body } = await app.post('/auth/codes', { mobile });
    const shown = { mobile, challenge: body.challenge };
    const enter = (status: number, code: string) =>
      counting(status, () => app.post('/auth/tokens', { ...shown, code }));

    expect((await enter(400, '000000')).redis).toEqual(['evalsha']);
    expect((await enter(201, app.inbox.codeFor(mobile))).redis).toEqual([
      'evalsha',
      'get',
      'evalsha',
    ]);
  });

  it('is no question more to SQL for a wrong code with a device token that somebody made up', async () => {
    const { mobile, device_token } = await app.logIn();
    const forged = device_token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const guess = (shown = {}) =>
      counting(400, () => app.post('/auth/tokens', { mobile, code: '000000', ...shown }));

    expect((await guess({ device_token: forged })).sql).toEqual((await guess()).sql);
  });

  it('is a transaction of six inserts more for a first login', async () => {
    expect(await logInByCode()).toEqual({
      redis: ['get', 'evalsha', 'get', 'evalsha'],
      sqlCalls: 2,
      sql: { ...WITH_DEVICE, begin: 2, insert: 6, commit: 2, all: 18 },
    });
  });

  it('is the user and a transaction of five statements for a login by password', async () => {
    const asked = await counting(201, () => app.post('/auth/login', user.credentials));

    expect(asked).toMatchObject({ sqlCalls: 2, sql: { ...OPENING, select: 2, all: 8 } });
  });

  it('is for a code: in Redis what limits it, what is counted, the code and who asked; in SQL whose number it is, how it looks, and two transactions', async () => {
    await app.requestCode();

    const asked = await counting(202, () => app.post('/auth/codes', { mobile: randomMobile() }));

    expect(asked.redis).toEqual(['evalsha', 'evalsha', 'evalsha', 'set', 'set']);
    expect([asked.sqlCalls, asked.sql.commit]).toEqual([5, 2]);
  });

  it('is whose number it is, and a count in Redis, for a stranger who has to solve a captcha', async () => {
    const block = randomMobile().slice(0, -4);
    for (const mobile of [`${block}0001`, `${block}0002`]) await app.requestCode(mobile);

    const asked = await counting(428, () => app.post('/auth/codes', { mobile: `${block}0003` }));

    expect(asked).toEqual({
      redis: ['evalsha', 'evalsha'],
      sqlCalls: 1,
      sql: { select: 1, all: 1 },
    });
  });

  it('is nothing for a guarded request, neither the first time nor later', async () => {
    const { token } = await app.logIn();
    const nothing = { redis: [], sqlCalls: 0, sql: {} };

    for (let count = 0; count < 3; count++) {
      expect(await counting(200, () => app.get('/order', { token }))).toEqual(nothing);
    }
  });

  it('is one statement for a refresh', async () => {
    const asked = await refresh(await app.logIn());

    expect(asked).toEqual({ redis: [], sqlCalls: 1, sql: { select: 1, all: 1 } });
  });

  it('is one statement for a refresh with rotation', async () => {
    app = await app.restart({ env: { REFRESH_ROTATION: 'on' }, controllers });

    const asked = await refresh(await app.logIn());

    expect(asked).toEqual({ redis: [], sqlCalls: 1, sql: { update: 1, all: 1 } });
  });
});
