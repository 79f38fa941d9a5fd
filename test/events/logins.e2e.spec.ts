import { userIdOf, sessionIdOf } from '../support/jwt';
import { MODES, type Mode } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf, eventsOf } from '../support/told';

describe.each(MODES)('what logins leave in audit and outbox (%s)', (mode: Mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS: 'code-cooldown=9/1h' } });
  });
  afterAll(() => app.close());

  it('rule 22: a first login tells of the user, the session and the device, each as audit and event under one id', async () => {
    const pair = await app.logIn();

    const [userId, sessionId] = [userIdOf(pair.token), sessionIdOf(pair.token)];
    const audit = await auditOf(app, userId);
    expect(audit).toMatchObject([
      { action: 'user.created', actorKind: 'user', actorId: userId, userId, sessionId },
      { action: 'session.started', sessionId, detail: '{"method":"code"}' },
      { action: 'device.added', detail: JSON.stringify({ device_id: sessionId }) },
    ]);
    const events = await eventsOf(app, userId);
    expect(events.map(({ id, type }) => [id, type])).toEqual(
      audit.map(({ id, action }) => [id, action]),
    );
  });

  it('rule 22: a login on a known device tells of its session, where it came from and by which request', async () => {
    const { mobile, device_token, token } = await app.logIn();
    await app.logIn(mobile, { device_token });

    const audit = (await auditOf(app, userIdOf(token))).slice(3);
    expect(audit.map(({ action }) => action)).toEqual(['session.started']);
    expect(audit[0]).toMatchObject({
      personal: '{"network":"127.0.0.0/24"}',
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(await eventsOf(app, userIdOf(token))).toHaveLength(4);
  });

  it('rule 22: a login that opens no session tells of none', async () => {
    const { mobile, code, token } = await app.logIn();
    const before = await auditOf(app, userIdOf(token));

    expect(await app.post('/auth/tokens', { mobile, code })).toMatchObject({ status: 400 });

    expect(await auditOf(app, userIdOf(token))).toEqual(before);
  });

  it('a number in a row of the audit is what nobody can call', async () => {
    const { mobile } = await app.logIn();

    const rows = JSON.stringify([await auditOf(app), await eventsOf(app)]);
    expect(rows).not.toContain(mobile.slice(1));
  });
});
