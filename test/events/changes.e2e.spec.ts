import { AuditEvent } from '../../src/audit/audit-event.entity';
import { AuditTailService } from '../../src/audit/audit-tail.service';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { Snowflake } from '../../src/common/snowflake';
import { UsersService } from '../../src/users/users.service';
import { registerWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { basic, postForm, SERVICE_CLIENTS } from '../support/service-client';
import { MODES, type Mode } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { auditOf, eventsOf } from '../support/told';

describe.each(MODES)('what changes leave in audit and outbox (%s)', (mode: Mode) => {
  let app: TestApp;
  const env = {
    SERVICE_CLIENTS,
    REFRESH_ROTATION: 'on',
    MAX_SESSIONS_PER_USER: '6',
    LIMITS:
      'code-cooldown=99/1h,codes-per-address=999/1h,codes-per-number=99/1h,codes-per-number-and-network=99/1h',
  };

  beforeAll(async () => {
    app = await TestApp.start({ mode, env });
  });
  afterAll(() => app.close());

  /** What the rows that `work` adds about a user tell: the audit, after it was compared with the events. */
  const told = async ({ token }: { token: string }, work: () => Promise<unknown>) => {
    const userId = userIdOf(token);
    const [audit, events] = [
      (await auditOf(app, userId)).length,
      (await eventsOf(app, userId)).length,
    ];
    await work();
    const added = (await auditOf(app, userId)).slice(audit);
    const happened = (await eventsOf(app, userId)).slice(events);
    expect(happened.map(({ id, type }) => [id, type])).toEqual(
      added.filter(({ action }) => action !== 'device.ended').map(({ id, action }) => [id, action]),
    );
    return added.map(({ action, reason, actorKind, detail }) => [
      action,
      reason ?? detail,
      actorKind,
    ]);
  };

  it.each<[string, (user: LoggedIn) => Promise<unknown>, unknown[]]>([
    ['a logout', (user) => app.delete('/auth/tokens', user), [['session.ended', 'logout', 'user']]],
    [
      'one session that a user ends',
      (user) => app.delete(`/auth/sessions/${sessionIdOf(user.token)}`, user),
      [['session.ended', 'revoked', 'user']],
    ],
    [
      'a session that a service ends',
      ({ token }) => postForm(app, '/auth/revoke', { token }),
      [['session.ended', 'revoked', 'service']],
    ],
    [
      'a changed profile, by the names of its fields',
      (user) => app.patch('/users/me', { name: 'Li Wei', gender: 'male' }, user),
      [['user.updated', '{"fields":["name","gender"]}', 'user']],
    ],
    [
      'a device that a user ends',
      (user) => app.delete(`/auth/devices/${sessionIdOf(user.token)}`, user),
      [['device.ended', expect.stringContaining('device_id'), 'user']],
    ],
  ])('rule 22: %s', async (_what, work, expected) => {
    const user = await app.logIn();

    expect(await told(user, () => succeeds(work(user) as never))).toEqual(expected);
  });

  it('rule 22: all other sessions with their devices', async () => {
    const first = await app.logIn();
    const user = await app.logIn(first.mobile);

    expect(await told(user, () => succeeds(app.delete('/auth/sessions', user)))).toEqual([
      ['session.ended', 'revoked', 'user'],
      ['device.ended', 'revoked', 'user'],
    ]);
  });

  it('rule 22: a first password, and the next one', async () => {
    const user = await registerWithPassword(app);
    const first = (await auditOf(app, userIdOf(user.token))).at(-1);
    expect(first).toMatchObject({
      action: 'credential.changed',
      detail: expect.stringContaining('"first":true'),
    });

    const next = { ...user.credentials, password: 'quite another long one' };
    const change = () => succeeds(app.put('/users/me/password', next, user));
    expect(await told(user, change)).toEqual([
      ['credential.changed', '{"credential":"password","first":false}', 'user'],
    ]);
  });

  it('rule 22: a disabled user, whose sessions end, and an enabled one; neither is told twice', async () => {
    const user = await app.logIn();
    const id = userIdOf(user.token);
    const [operations, users] = [app.nest.get(UserOperationsService), app.nest.get(UsersService)];

    expect(await told(user, () => twice(() => operations.disable(id)))).toEqual([
      ['user.disabled', null, 'system'],
      ['session.ended', 'disabled', 'system'],
      ['device.ended', expect.anything(), 'system'],
    ]);
    expect(await told(user, () => twice(() => users.enable(id)))).toEqual([
      ['user.enabled', null, 'system'],
    ]);
  });

  it('rule 22: the reuse of a refresh token', async () => {
    const user = await app.logIn();
    const refresh = (key: string) => {
      const headers = { 'idempotency-key': key.repeat(16) };
      return app.put('/auth/tokens', undefined, { token: user.refresh_token, headers });
    };
    await succeeds(refresh('a'));

    const reuse = () => refresh('b');
    expect(await told(user, reuse)).toEqual([['session.ended', 'reuse', 'anonymous']]);
  });

  it('rule 22: a session that must make room, and a device that does', async () => {
    const { mobile, token } = await app.logIn();
    for (let count = 0; count < 4; count++) await app.logIn(mobile);
    expect(await told({ token }, () => app.logIn(mobile))).toEqual([
      ['session.started', '{"method":"code"}', 'user'],
      ['device.added', expect.anything(), 'user'],
      ['device.ended', 'replaced', 'user'],
    ]);
    expect(await told({ token }, () => app.logIn(mobile))).toEqual([
      ['session.ended', 'replaced', 'user'],
      ['session.started', '{"method":"code"}', 'user'],
      ['device.added', expect.anything(), 'user'],
      ['device.ended', 'replaced', 'user'],
    ]);
  });

  it('rule 22: an end that several ask for at once is told once', async () => {
    const user = await app.logIn();
    const end = () =>
      Promise.all(Array.from({ length: 10 }, () => app.delete('/auth/tokens', user)));

    expect(await told(user, end)).toEqual([['session.ended', 'logout', 'user']]);
    expect(await told(user, () => postForm(app, '/auth/revoke', { token: user.token }))).toEqual(
      [],
    );
  });

  it('who asked, by the name of the service and of the request', async () => {
    const { token } = await app.logIn();
    await postForm(app, '/auth/revoke', { token });

    const [name] = Buffer.from(basic().authorization.slice('Basic '.length), 'base64')
      .toString()
      .split(':');
    expect((await auditOf(app, userIdOf(token))).at(-1)).toMatchObject({
      actorId: name,
      requestId: expect.any(String),
      personal: '{"network":"127.0.0.0/24"}',
    });
  });

  it('whoever follows the audit is told of each row once, also of one that is committed late', async () => {
    const { token } = await app.logIn();
    const userId = userIdOf(token);
    const rows = app.sql.getRepository(AuditEvent);
    const follow = app.nest.get(AuditTailService).follow({ userId }, 1);
    const next = async () => (await follow.next()).value.map(({ id }: AuditEvent) => id);
    const [last] = await next();
    const { id: _, ...row } = await rows.findOneByOrFail({ id: last });
    const [late, newest] = [Snowflake.before(last, 5000), String(BigInt(last) + 1n)];

    await rows.insert({ ...row, id: newest });
    expect(await next()).toEqual([newest]);
    await rows.insert({ ...row, id: late });
    expect(await next()).toEqual([late]);
    expect(await next()).toEqual([]);
  });
});

async function succeeds(answer: Promise<{ status: number }>): Promise<void> {
  expect((await answer).status).toBeLessThan(300);
}

async function twice(change: () => Promise<void>): Promise<void> {
  await change();
  await change();
}
