import { AuditEvent } from '../../src/audit/audit-event.entity';
import { Session } from '../../src/sessions/session.entity';
import { SYSTEM } from '../../src/audit/change';
import { NumberRefsService } from '../../src/audit/number-refs.service';
import { BlocksService } from '../../src/codes/blocks/blocks.service';
import type { E164 } from '../../src/common/phone-number';
import { Snowflake } from '../../src/common/snowflake';
import { User } from '../../src/users/user.entity';
import { passTime } from '../support/clock';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { giveRoles, logInByCode, newOperator, stepUp } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { probe } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { eventsOf } from '../support/told';
import { until } from '../support/until';

const REASON = { reason: 'ticket 4711' };
const LIMITS =
  'codes-per-address=9999/1h,reveals-per-operator=2/1h,searches-per-operator=20/1h,easy-codes-per-address=999/1h';

const ids = new Snowflake(1020);

type Operator = UserWithPassword & { id: string };

describe.each(MODES)('/admin (%s)', (mode) => {
  let app: TestApp;
  let viewer: Operator;
  let support: Operator;
  let admin: Operator;
  let user: UserWithPassword & { id: string };

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS, SMS_COUNTRIES: 'CN' } });
    viewer = await newOperator(app, 'viewer');
    support = await newOperator(app, 'support');
    admin = await newOperator(app, 'admin');
  });
  beforeEach(async () => {
    const registered = await registerWithPassword(app);
    user = { ...registered, id: userIdOf(registered.token) };
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const of = (path = '', id = user.id) => `/admin/users/${id}${path}`;
  const all = async (operator: Operator, paths: string[]) =>
    JSON.stringify(
      await Promise.all(paths.map(async (path) => (await app.get(path, operator)).body)),
    );
  const audited = (action: AuditEvent['action'], userId = user.id) =>
    app.sql.getRepository(AuditEvent).findOneBy({ action, userId });

  describe('lets in', () => {
    it('nobody by a number alone, and whoever proves the password to the same session', async () => {
      const operator = await logInByCode(app, support);
      expectRefusal(await app.get(of(), operator), 'STEP_UP_REQUIRED');

      await stepUp(app, operator);

      expect((await app.get(of(), operator)).status).toBe(200);
      const byPassword = await app.post('/auth/login', support.credentials);
      expectRefusal(await app.get(of(), byPassword.body), 'STEP_UP_REQUIRED');
    });

    it('whom SQL gives the role at this moment, whatever the token says', async () => {
      const operator = await newOperator(app, 'support');
      await app.sql.getRepository(User).update({ id: operator.id }, { roles: ['viewer'] });
      expectRefusal(await app.post(of('/enable'), REASON, operator), 'FORBIDDEN');
      expect((await app.get(of(), operator)).status).toBe(200);

      await app.sql.getRepository(User).update({ id: operator.id }, { status: 'disabled' });
      expectRefusal(await app.get(of(), operator), 'USER_DISABLED');
      const ended = await newOperator(app, 'support');
      await app.sql
        .getRepository(Session)
        .update({ id: sessionIdOf(ended.token), userId: ended.id }, { endedAt: new Date() });
      expectRefusal(await app.get(of(), ended), 'UNAUTHORIZED');
    });

    it('to roles only within ten minutes of a step-up', async () => {
      const operator = await newOperator(app, 'admin');
      const earlier = new Date(Date.now() - 11 * 60_000);
      await app.sql
        .getRepository(Session)
        .update({ id: sessionIdOf(operator.token), userId: operator.id }, { authTime: earlier });
      const roles = { ...REASON, roles: ['viewer'] };

      expectRefusal(await app.put(of('/roles'), roles, operator), 'STEP_UP_REQUIRED');
      expect((await app.get(of(), operator)).status).toBe(200);
      await stepUp(app, operator);
      expect((await app.put(of('/roles'), roles, operator)).body).toEqual({ roles: ['viewer'] });
      await giveRoles(app, operator.id);
    });
  });

  it('finds a user by number, id, username and the id of a request, with masked numbers', async () => {
    const { mobile, id, credentials } = user;
    const spelled = `+86 ${mobile.slice(3, 6)} ${mobile.slice(6)}`;
    const {
      body: { request_id },
    } = await app.post('/auth/login', { ...credentials, password: 'wrong password' });
    const search = async (query: string) =>
      (await app.post('/admin/search', { query }, viewer)).body;

    for (const query of [
      mobile,
      spelled,
      mobile.slice(3),
      id,
      credentials.username.toUpperCase(),
    ]) {
      const { users } = await search(query);
      expect(users).toEqual([
        expect.objectContaining({ id, mobile: `${mobile.slice(0, -8)}****${mobile.slice(-4)}` }),
      ]);
      expect(JSON.stringify(users)).not.toContain(mobile.slice(4));
    }
    expect(request_id).toEqual(expect.any(String));
    expect(await search('+8613900000000')).toMatchObject({
      users: [],
      number_refs: [expect.stringMatching(/^[\w-]{43}$/)],
    });
    expect(await search("' OR 1=1")).toMatchObject({ users: [], number_refs: [] });
  });

  it('pages through usernames by their beginning', async () => {
    const start = `p${user.id.slice(-8)}`;
    const numbers = Array.from({ length: 25 }, (_, index) => String(index).padStart(2, '0'));
    await insertUsers(
      app,
      numbers.map((number) => `${start}-${number}`),
    );
    const { body: first } = await app.post('/admin/search', { query: start }, viewer);
    const { body: second } = await app.post(
      '/admin/search',
      { query: start, after: first.next },
      viewer,
    );

    expect([first.users.length, first.has_more]).toEqual([20, true]);
    expect([second.users.length, second.has_more, second.next]).toEqual([5, false, null]);
  });

  it('shows a user whole, but for the number, which support may see for a reason', async () => {
    const { body } = await app.get(of(), viewer);

    expect(body).toMatchObject({
      id: user.id,
      username: user.credentials.username,
      sessions: [expect.objectContaining({ amr: ['sms'], ended_at: null })],
      devices: [expect.objectContaining({ network: null })],
      deliveries: [expect.objectContaining({ outcome: 'sent', provider: 'webhook' })],
    });
    expect(body.limits).toContainEqual(
      expect.objectContaining({ limit: 'codes-per-number', left: expect.any(Number) }),
    );
    expect(JSON.stringify(body)).not.toContain(user.mobile.slice(1));
    expectRefusal(await app.post(of('/reveal'), REASON, viewer), 'FORBIDDEN');
    expectRefusal(await app.post(of('/reveal'), {}, support), 'VALIDATION_FAILED');
    expect((await app.post(of('/reveal'), REASON, support)).body).toEqual({ mobile: user.mobile });
    expect(await audited('number.revealed')).toMatchObject({
      actorKind: 'operator',
      actorId: support.id,
      reason: REASON.reason,
    });
    await app.post(of('/reveal'), REASON, support);
    expectRefusal(await app.post(of('/reveal'), REASON, support), 'TOO_MANY_REQUESTS');
    expectRefusal(await app.get(of('', '1'), viewer), 'NOT_FOUND');
    expectRefusal(await app.get(of('', `${user.id}x`), viewer), 'NOT_FOUND');
  });

  describe('viewers see', () => {
    const network = /\b127\.0\.0\b|::1/;

    it('no networks, which support does', async () => {
      const paths = [of(), of('/timeline'), `/admin/audit?user=${user.id}`, '/admin/audit'];

      expect(await all(support, paths)).toMatch(network);
      expect(await all(viewer, paths)).not.toMatch(network);
      expect(await all(viewer, paths)).toContain('"network":null');
    });

    it('not why a code was refused, while one may still work', async () => {
      const { mobile } = await app.requestCode();
      await app.post('/auth/tokens', { mobile, code: '000000' });
      const { body } = await app.post('/admin/search', { query: mobile }, viewer);
      const path = `/admin/audit?number_ref=${body.number_refs[0]}`;
      const why = async (operator: Operator) => {
        const { events } = (await app.get(path, operator)).body;
        return events.find(({ reason }: AuditEvent) => reason === 'INVALID_CODE')?.detail?.why;
      };
      await until(async () => (await why(support)) === 'wrong');

      expect(await why(viewer)).toBeUndefined();
      passTime(301_000);
      expect(await why(viewer)).toBe('wrong');
    });

    it('nothing of webhooks and settings in the audit, which are for admins', async () => {
      const endpoint = { url: 'https://hooks.example.com/t', events: ['*'] };
      await app.post('/admin/webhooks', endpoint, admin);
      const path = '/admin/audit?action=webhook.created';

      expect(await all(admin, [path])).toContain('hooks.example.com');
      for (const other of [viewer, support]) {
        expect(await all(other, [path])).toContain('"detail":null');
      }
    });

    it('no number whose messages are paused', async () => {
      const { mobile } = user;
      await app.nest.get(BlocksService).add(mobile, 60, { actor: SYSTEM }, 'messages');
      const { body } = await app.get('/admin/sms/pauses', viewer);

      expect(body).toEqual([
        expect.objectContaining({ target: `${mobile.slice(0, -8)}****${mobile.slice(-4)}` }),
      ]);
      expect((await app.delete(`/admin/sms/pauses/${body[0].scope}`, support)).status).toBe(204);
      expect((await app.get('/admin/sms/pauses', viewer)).body).toEqual([]);
    });
  });

  it('reveals no more numbers at once than one after the other', async () => {
    const operator = await newOperator(app, 'support');
    const reveal = async () => (await app.post(of('/reveal'), REASON, operator)).status;

    const statuses = await Promise.all(Array.from({ length: 10 }, reveal));

    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    expect(statuses.filter((status) => status === 429)).toHaveLength(8);
  });

  it('knows nobody and nothing of an id that is none', async () => {
    const none = ['9999999999999999999', '0', '-1', '1e3', '２', '1%00', '..%2f2', "1'--", '1.0'];
    const calls = none.flatMap((id) => [
      ...[of('', id), of('/timeline', id), `/admin/webhooks/${id}/attempts`].map((path) =>
        app.get(path, admin),
      ),
      ...[of('/sessions', id), `/admin/blocks/${id}`, `/admin/sms/pauses/${id}`].map((path) =>
        app.delete(path, admin),
      ),
    ]);

    const statuses = (await Promise.all(calls)).map(({ status }) => status);

    expect(statuses.filter((status) => status !== 404 && status !== 400)).toEqual([]);
  });

  it('takes one place to go on from, as large as it likes', async () => {
    const lists = [of('/timeline'), '/admin/audit', '/admin/sms/deliveries'];
    const ask = (query: string) =>
      Promise.all(lists.map(async (path) => (await app.get(`${path}?${query}`, admin)).status));

    expect(await ask('after=9999999999999999999')).toEqual([200, 200, 200]);
    for (const query of ['after=1&after=2', 'after[]=1', 'after[$gt]=1', 'after=', 'limit=1']) {
      expect([query, ...(await ask(query))]).toEqual([query, 400, 400, 400]);
    }
  });

  it('disables, enables and logs a user out', async () => {
    expect((await app.delete(of('/sessions'), support)).status).toBe(204);
    expect(await probe(app, user)).toEqual([401, 403]);
    expect((await app.post(of('/disable'), REASON, support)).status).toBe(204);
    expectRefusal(await app.post('/auth/login', user.credentials), 'USER_DISABLED');
    expect((await app.post(of('/enable'), REASON, support)).status).toBe(204);
    expect((await app.post('/auth/login', user.credentials)).status).toBe(201);
    expect(await audited('user.enabled')).toMatchObject({ actorId: support.id, ...REASON });
    const events = JSON.stringify(await eventsOf(app, user.id));
    expect(events).toContain('user.disabled');
    expect(events).not.toContain(REASON.reason);
    const { body } = await app.get(of('/timeline'), viewer);
    const actions = body.moments.map((one: { event?: AuditEvent }) => one.event?.action);
    expect(actions).toEqual(expect.arrayContaining(['user.enabled', 'session.started', undefined]));
  });

  it('has only admins act on users with roles, and keeps the last admin', async () => {
    const other = await newOperator(app, 'viewer');

    for (const path of ['/disable', '/enable', '/reveal']) {
      const operator = path === '/reveal' ? await newOperator(app, 'support') : support;
      expectRefusal(await app.post(of(path, other.id), REASON, operator), 'FORBIDDEN');
    }
    expectRefusal(await app.delete(of('/sessions', other.id), support), 'FORBIDDEN');
    const ref = app.nest.get(NumberRefsService).refOf(other.mobile as E164);
    const limits = `/admin/limits?number_ref=${ref}`;
    expectRefusal(await app.delete(limits, support), 'FORBIDDEN');
    expect((await app.delete(limits, admin)).status).toBe(200);
    expect((await app.post(of('/disable', other.id), REASON, admin)).status).toBe(204);
    const demotion = { ...REASON, roles: [] };
    expectRefusal(await app.put(of('/roles', admin.id), demotion, admin), 'LAST_ADMIN');
    expectRefusal(await app.post(of('/disable', admin.id), REASON, admin), 'LAST_ADMIN');
  });

  it('lifts the limits of a number, and wrong codes twice a day', async () => {
    const { mobile, device_token } = user;
    const { body } = await app.post('/admin/search', { query: mobile }, admin);
    const path = `/admin/limits?number_ref=${body.users[0].number_ref}`;
    await app.post('/auth/codes', { mobile, device_token });
    const guess = () => app.post('/auth/tokens', { mobile, device_token, code: '000000' });

    for (let round = 0; round < 2; round++) {
      await guess();
      const { status, body: answer } = await app.delete(path, support);
      expect([status, answer.lifted]).toEqual([
        200,
        expect.arrayContaining(['guesses-per-device']),
      ]);
    }
    await guess();
    expectRefusal(await app.delete(path, support), 'TOO_MANY_REQUESTS');
    expectRefusal(await app.delete('/admin/limits?number_ref=x', support), 'NOT_FOUND');
    expect(await audited('limits.lifted')).toMatchObject({ actorId: support.id });
  });

  it('tells the configuration without secrets, and where each value comes from', async () => {
    const { body } = await app.get('/admin/configuration', admin);
    const setting = (wanted: string) => body.find(({ name }: { name: string }) => name === wanted);

    expect(setting('SMS_COUNTRIES')).toEqual({
      name: 'SMS_COUNTRIES',
      value: ['CN'],
      is_set: true,
      source: 'environment',
    });
    expect(setting('ACCESS_TOKEN_TTL')).toMatchObject({ value: 7200, source: 'default' });
    expect(setting('SMS_WEBHOOK_SECRET')).toEqual({
      name: 'SMS_WEBHOOK_SECRET',
      is_set: true,
      source: 'environment',
    });
    expect(JSON.stringify(body)).not.toContain(app.env.SMS_WEBHOOK_SECRET);
  });

  it('blocks, by what stands for the target in the path', async () => {
    const block = { target: '+86139*', seconds: 3600, ...REASON };
    const { body } = await app.post('/admin/blocks', block, admin);

    expect((await app.get('/admin/blocks', admin)).body).toEqual([body]);
    expect((await app.delete(`/admin/blocks/${body.id}`, admin)).status).toBe(204);
    expect((await app.get('/admin/blocks', admin)).body).toEqual([]);
    const { body: audit } = await app.get('/admin/audit?action=block.added', viewer);
    expect(audit.events[0]).toMatchObject({ ...REASON, actor_id: admin.id });
  });

  it('shows no number that is blocked, takes what stands for one, and no whole one for a beginning', async () => {
    const { mobile } = user;
    const number_ref = app.nest.get(NumberRefsService).refOf(mobile as E164);
    const block = (target: string) =>
      app.post('/admin/blocks', { target, seconds: 3600, ...REASON }, admin);
    expectRefusal(await block(`${mobile}*`), 'VALIDATION_FAILED');
    const { body } = await block(number_ref);

    expect(body).toMatchObject({
      target: `${mobile.slice(0, -8)}****${mobile.slice(-4)}`,
      number_ref,
    });
    expect((await app.get('/admin/blocks', admin)).body).toEqual([body]);
    expect((await app.delete(`/admin/blocks/${body.id}`, admin)).status).toBe(204);
  });

  it('has who was looked at on record, before anything else', async () => {
    const number_ref = app.nest.get(NumberRefsService).refOf(user.mobile as E164);
    await app.get(of(), viewer);
    await app.post('/admin/diagnosis', { user: user.id }, viewer);
    await app.post('/admin/diagnosis', { number_ref }, viewer);

    const { body } = await app.get('/admin/audit?action=admin.called', admin);
    expect(body.events.slice(1, 4)).toEqual([
      expect.objectContaining({ detail: { route: 'Diagnosis.diagnose' }, number_ref }),
      expect.objectContaining({ detail: { route: 'Diagnosis.diagnose', target: user.id } }),
      expect.objectContaining({ detail: { route: 'Users.read', target: user.id } }),
    ]);
  });

  it('takes no reason that would show as another line of the audit', async () => {
    for (const reason of ['asked to\n2026-01-01 user.deleted', '\u001b[2J', '\u202e', ' ']) {
      expectRefusal(await app.post(of('/enable'), { reason }, support), 'VALIDATION_FAILED');
    }
  });

  it('tells what was sent, and what that cost', async () => {
    const { body: spend } = await app.get('/admin/sms/spend', viewer);
    const { body } = await app.get('/admin/sms/deliveries', viewer);

    expect(spend[0]).toMatchObject({
      country: 'CN',
      provider: 'webhook',
      sent: expect.any(Number),
    });
    expect(body.deliveries.length).toBeGreaterThan(1);
    const last = body.deliveries.at(-1).id;
    const { body: next } = await app.get(`/admin/sms/deliveries?after=${last}`, viewer);
    expect(next.deliveries.map(({ id }: { id: string }) => id)).not.toContain(last);
  });
});

it('/admin is for networks that ADMIN_NETWORKS names, and in a host for nobody unless it asks', async () => {
  const env = { TRUST_PROXY: '1', ADMIN_NETWORKS: '203.0.113.0/24,2001:db8::/48' };
  const app = await TestApp.start({ env });
  const admin = await newOperator(app, 'admin');
  const from = async (address: string) =>
    (await app.get('/admin/audit', { token: admin.token, headers: { 'x-forwarded-for': address } }))
      .status;
  const host = await TestApp.start({ adapter: 'Express' });

  expect(await from('203.0.113.9')).toBe(200);
  expect(await from('::ffff:203.0.113.9')).toBe(200);
  expect(await from('2001:db8::1')).toBe(200);
  // What a client says of itself stands before what the proxy adds.
  for (const claimed of ['', '203.0.113.9, ', 'for=203.0.113.9, ']) {
    expect(await from(`${claimed}198.51.100.9`)).toBe(403);
  }
  expect((await host.get('/admin/audit')).status).toBe(404);
  await Promise.all([app.close(), host.close()]);
});

function insertUsers(app: TestApp, usernames: string[]) {
  const at = new Date();
  const times = { lastLogin: at, verifiedAt: at, createdAt: at, updatedAt: at };
  const rows = usernames.map((username) => {
    const who = { id: ids.next(), mobile: randomMobile() as E164, name: 'Li Wei', username };
    return { ...who, status: 'active' as const, ...times };
  });
  return app.sql.getRepository(User).insert(rows);
}
