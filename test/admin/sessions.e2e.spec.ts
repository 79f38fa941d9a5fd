import { AuditEvent } from '../../src/audit/audit-event.entity';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { newOperator } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { insertSessions } from '../support/session-rows';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const NETWORK = '203.0.113.0/24';
const REASON = 'leaked by a proxy';

interface Listed {
  id: string;
  user_id: string;
  user_roles: string[];
  ended_at: string | null;
}

type AskStep = (after: object) => Promise<{ body: { sessions: number; next: string | null } }>;

/** @returns what each step found or ended. */
async function inSteps(ask: AskStep): Promise<number[]> {
  const steps = [];
  for (let after = {}; ;) {
    const { sessions, next } = (await ask(after)).body;
    steps.push(sessions);
    if (next === null) return steps;
    after = { after: next };
  }
}

const pathOf = (token: string) => `/admin/users/${userIdOf(token)}/sessions/${sessionIdOf(token)}`;

describe.each(MODES)('/admin/sessions (%s)', (mode) => {
  let app: TestApp;
  let admin: { token: string; id: string };

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS: 'code-cooldown=99/1h' } });
    admin = await newOperator(app, 'admin');
  });
  afterAll(() => app.close());

  const list = async (query: string) => {
    const found: Listed[] = [];
    for (let after = ''; ;) {
      const { body } = await app.get(`/admin/sessions?${query}${after}`, admin);
      found.push(...body.sessions);
      if (!body.has_more) return found;
      after = `&after=${body.next}`;
    }
  };
  const count = (conditions: Record<string, string>) =>
    inSteps((after) =>
      app.get(`/admin/sessions/count?${new URLSearchParams({ ...conditions, ...after })}`, admin),
    );
  const end = (conditions: object) =>
    inSteps((after) =>
      app.send('DELETE', '/admin/sessions', { ...conditions, ...after, reason: REASON }, admin),
    );

  it('tells the roles of their users, whose sessions only admins end', async () => {
    const { token } = await newOperator(app, 'support');
    const user = await app.logIn();

    const found = await list('live=true');

    const rolesOf = (id: string) => found.find((one) => one.user_id === id)?.user_roles;
    expect(rolesOf(userIdOf(user.token))).toEqual([]);
    expect(rolesOf(userIdOf(token))).toEqual(['support']);
  });

  it('lists those of a network or before a time, and ends them in steps, but not that of the caller', async () => {
    const user = await app.logIn();
    await insertSessions(app.sql, 30, { network: '198.51.100.0/24' });
    const [first] = await insertSessions(app.sql, 2100, { network: NETWORK });
    const before = new Date().toISOString();
    const later = await app.logIn();

    expect(await list(`network=${NETWORK}`)).toHaveLength(2100);
    expect((await list('live=true')).slice(0, 2)).toMatchObject([
      { id: sessionIdOf(later.token) },
      { network: NETWORK, user_id: first!.userId },
    ]);
    expect((await list(`opened_before=${before}`))[0]!.user_id).toBe(first!.userId);
    expect(await count({ network: '203.0.0.0/16' })).toEqual([
      expect.any(Number),
      expect.any(Number),
    ]);
    const ended = await end({ network: NETWORK });
    expect(ended.reduce((sum, one) => sum + one)).toBe(2100);
    expect(await list(`live=true&network=${NETWORK}`)).toEqual([]);
    expect(
      await app.sql.getRepository(AuditEvent).findOneBy({ action: 'sessions.revoked' }),
    ).toMatchObject({
      actorId: admin.id,
      reason: REASON,
      detail: JSON.stringify({ network: NETWORK }),
    });

    expect((await end({ opened_before: before }))[0]).toBeGreaterThanOrEqual(31);
    await until(async () => (await app.get('/users/me', user)).status === 401);
    expect((await app.get('/users/me', later)).status).toBe(200);
    expect(await end({ all: true })).toEqual([1]);
    expect((await app.get('/users/me', admin)).status).toBe(200);
  });

  it('wants a condition that means something', async () => {
    const { token } = admin;
    const ask = (body: object) =>
      app.send('DELETE', '/admin/sessions', { reason: REASON, ...body }, { token });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

    for (const body of [
      {},
      { all: true, network: NETWORK },
      { network: '203.0.113.7/32' },
      { opened_before: tomorrow },
      { opened_before: '2026-01-31T09:30' },
      { opened_before: '2026-13-31T00:00:00Z' },
    ])
      expectRefusal(await ask(body), 'VALIDATION_FAILED');
  });

  it('ends one of a user alone, for support, and none of an operator', async () => {
    const support = await newOperator(app, 'support');
    const { token, mobile } = await app.logIn();
    const other = await app.logIn(mobile);

    expect((await app.delete(pathOf(token), support)).status).toBe(204);
    expectRefusal(await app.delete(pathOf(token), support), 'NOT_FOUND');
    expectRefusal(await app.delete(pathOf(admin.token), support), 'FORBIDDEN');
    await until(async () => (await app.get('/users/me', { token })).status === 401);
    expect((await app.get('/users/me', other)).status).toBe(200);
  });
});
