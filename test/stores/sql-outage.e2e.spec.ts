import { Controller, Get } from '@nestjs/common';
import { createConnection } from 'mysql2/promise';
import { Session } from '../../src/sessions/session.entity';
import type { Answer } from '../support/client';
import { inTime } from '../support/deadline';
import { userIdOf } from '../support/jwt';
import { startMariaDb } from '../support/servers/mariadb';
import type { PrivateServer } from '../support/servers/private-server';
import { describeStandard, freshDatabase } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { until } from '../support/until';

/** A guarded route that needs no database. */
@Controller('order')
class OrderController {
  @Get()
  read() {
    return { order: 1 };
  }
}

/** All tests ask from one address, from which 60 logins are under way at a time. */
const WIDE =
  'codes-per-address=1000/1h,easy-codes-per-address=1000/1h,guesses-per-address=1000/1h,stray-guesses=1000/1h';

function expectUnavailable(answers: Answer[]): void {
  for (const { status, headers, body } of answers) {
    expect([status, body.errorCode]).toEqual([503, 'UNAVAILABLE']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
}

describeStandard('without SQL', () => {
  let mariaDb: PrivateServer;
  let app: TestApp;
  let user: LoggedIn;
  let left: LoggedIn;

  beforeAll(async () => {
    mariaDb = await startMariaDb();
    const env = {
      DATABASE_URL: await freshDatabase(mariaDb.url),
      LIMITS: `${WIDE},code-cooldown=2/1m`,
    };
    app = await TestApp.start({ mode: 'standard', env, controllers: [OrderController] });
    [user, left] = [await app.logIn(), await app.logIn()];
    await app.delete('/auth/tokens', { token: left.token });
  });
  afterAll(async () => {
    await app.close();
    await mariaDb.remove();
  });

  const bringBack = async () => {
    mariaDb.resume();
    await mariaDb.restart();
    await app.untilReady();
  };

  /** One call of each kind that cannot do without. */
  const callWhatNeedsSql = (request: object) =>
    [
      app.get('/health/ready'),
      app.get('/users/me', { token: user.token }),
      app.patch('/users/me', { name: 'Li Wei' }, { token: user.token }),
      app.put('/auth/tokens', undefined, { token: user.refresh_token }),
      app.delete('/auth/tokens', { token: user.refresh_token }),
      app.delete('/auth/tokens', { token: user.token }),
      app.post('/auth/tokens', request),
      app.post('/auth/login', { username: 'nobody', password: 'a wrong one' }),
    ].map(inTime);

  it.each([
    ['was killed', () => mariaDb.kill()],
    ['hangs', async () => mariaDb.pause()],
    [
      'was away at the start',
      async () => {
        await mariaDb.kill();
        app = await app.restart();
      },
    ],
  ])('that %s, what needs it is unavailable and recovers without a restart', async (_, fail) => {
    const request = await app.requestCode();
    await fail();

    const answers = await Promise.all(callWhatNeedsSql(request));

    expectUnavailable(answers);
    expect((await app.get('/health/live')).status).toBe(200);
    await bringBack();
    expect((await app.get('/users/me', { token: user.token })).status).toBe(200);
    expect((await app.post('/auth/tokens', request)).status).toBe(201);
  });

  it('rule 10: access tokens pass while what was revoked is known, and wait until it is', async () => {
    const statuses = () =>
      Promise.all(
        [user, left].map(async ({ token }) => (await app.get('/order', { token })).status),
      );
    app = await app.restart({ controllers: [OrderController] });

    await mariaDb.kill();
    expect(await statuses()).toEqual([200, 401]);

    app = await app.restart({ controllers: [OrderController] });
    expect(await statuses()).toEqual([503, 503]);

    await bringBack();
    expect(await statuses()).toEqual([200, 401]);
  });

  it('that is locked for too long, does nothing late: the code works once the lock is gone', async () => {
    const { mobile } = await app.logIn();
    const request = await app.requestCode(mobile);
    const holder = await createConnection(mariaDb.url);
    await holder.query(`USE ${new URL(app.env.DATABASE_URL!).pathname.slice(1)}`);
    await holder.query('START TRANSACTION');
    await holder.query('SELECT id FROM users WHERE mobile = ? FOR UPDATE', [mobile]);

    const locked = await app.post('/auth/tokens', request);
    await holder.end();
    const free = await app.post('/auth/tokens', request);

    expect([locked.status, free.status]).toEqual([503, 201]);
    const sessions = app.sql.getRepository(Session).countBy({ userId: userIdOf(free.body.token) });
    expect(await sessions).toBe(2);
  });

  /** Tries again for as long as the server has too much to do. A login whose answer was lost has used the code. */
  const untilServed = (request: object) =>
    until(async () => [201, 400].includes((await app.post('/auth/tokens', request)).status));

  it('that was killed under load, every login makes one session in the end', async () => {
    const sessions = await app.sql.getRepository(Session).count();
    const requests = await Promise.all(Array.from({ length: 60 }, () => app.requestCode()));
    const logins = requests.map((request) => app.post('/auth/tokens', request));
    await Promise.race(logins);
    await mariaDb.kill();

    const statuses = (await Promise.all(logins)).map(({ status }) => status);
    await bringBack();
    const failed = requests.filter((_, index) => statuses[index] !== 201);
    await Promise.all(failed.map(untilServed));

    expect(statuses.filter((status) => status !== 201 && status !== 503)).toEqual([]);
    expect(await app.sql.getRepository(Session).count()).toBe(sessions + requests.length);
  });

  it('that hung under load, no connection is lost and no transaction left open', async () => {
    const load = () =>
      Promise.all(Array.from({ length: 50 }, () => app.get('/users/me', { token: user.token })));
    mariaDb.pause();
    expectUnavailable(await inTime(load()));

    mariaDb.resume();
    await app.untilReady();

    expect((await load()).filter(({ status }) => status !== 200)).toEqual([]);
    const open = await app.sql.query('SELECT trx_id FROM information_schema.innodb_trx');
    expect(open).toEqual([]);
  });
});
