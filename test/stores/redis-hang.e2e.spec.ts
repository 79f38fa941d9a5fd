import { inTime } from '../support/deadline';
import { requestReplicatedCode, startReplicated, stopReplicated } from '../support/replication';
import type { PrivateServer } from '../support/servers/private-server';
import { describeStandard } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { until } from '../support/until';

describeStandard('while Redis hangs', () => {
  let primary: PrivateServer;
  let replica: PrivateServer;
  let app: TestApp;
  let user: LoggedIn;
  let sent: { mobile: string; code: string };

  beforeAll(async () => {
    ({ primary, replica, app } = await startReplicated());
  });
  afterAll(() => stopReplicated({ primary, replica, app }));
  beforeEach(async () => {
    user = await app.logIn();
    sent = await requestReplicatedCode(app, replica);
    primary.pause();
  });
  afterEach(async () => {
    primary.resume();
    replica.resume();
    await until(async () => (await app.get('/health/ready')).body.redis === 'up');
  });

  /** One call of each kind, all at once: their statuses by name. */
  const callEverything = async () => {
    const calls = {
      live: app.get('/health/live'),
      ready: app.get('/health/ready'),
      guarded: app.get('/users/me', { token: user.token }),
      refresh: app.put('/auth/tokens', undefined, { token: user.refresh_token }),
      newCode: app.post('/auth/codes', { mobile: user.mobile }),
      codeLogin: app.post('/auth/tokens', sent),
      passwordLogin: app.post('/auth/login', { username: 'nobody', password: 'a wrong one' }),
    };
    const names = Object.keys(calls);
    const answers = await Promise.all(Object.values(calls).map(inTime));
    return Object.fromEntries(answers.map(({ status }, index) => [names[index], status]));
  };
  const UNIMPAIRED = {
    live: 200,
    ready: 200,
    guarded: 200,
    refresh: 201,
    newCode: 202,
    passwordLogin: 400,
  };

  it('every call ends in time, and with a replica every call succeeds', async () => {
    expect(await callEverything()).toEqual({ ...UNIMPAIRED, codeLogin: 201 });
  });

  it('every call ends in time when the replica hangs, too', async () => {
    replica.pause();

    expect(await callEverything()).toMatchObject(UNIMPAIRED);
  });

  it('rule 10: a logout ends in time and holds when Redis is back', async () => {
    const logout = await inTime(app.delete('/auth/tokens', { token: user.token }));
    primary.resume();

    expect(logout.status).toBe(204);
    expect((await app.get('/users/me', { token: user.token })).status).toBe(401);
  });
});
