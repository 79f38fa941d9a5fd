import { type Connection, createConnection } from 'mysql2/promise';
import { inTime } from '../support/deadline';
import { describeStandard } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

const POOL_SIZE = 2;

describeStandard('while every SQL connection waits for a lock', () => {
  let app: TestApp;
  let user: LoggedIn;
  let other: Connection;

  beforeAll(async () => {
    app = await TestApp.start({
      mode: 'standard',
      env: { DATABASE_POOL_SIZE: String(POOL_SIZE) },
    });
    user = await app.logIn();
    other = await createConnection(app.env.DATABASE_URL!);
  });
  afterAll(async () => {
    await other.end();
    await app.close();
  });

  it('requests get a 503 in time, the process lives, and all is well afterwards', async () => {
    const load = () =>
      Array.from({ length: 5 * POOL_SIZE }, () => app.get('/users/me', { token: user.token }));
    await other.query('LOCK TABLES users WRITE');

    const pending = load().map(inTime);
    const live = await app.get('/health/live');
    const answers = await Promise.all(pending);
    await other.query('UNLOCK TABLES');

    expect(live.status).toBe(200);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    await app.untilReady();
    const after = await Promise.all(load());
    expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
