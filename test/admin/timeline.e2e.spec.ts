import type { MomentDto } from '../../src/admin/dto/audit.dto';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { Snowflake } from '../../src/common/snowflake';
import { Session } from '../../src/sessions/session.entity';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { newOperator } from '../support/operators';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS);

describe.each(MODES)('the timeline of a user (%s)', (mode) => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { REFRESH_ROTATION: 'on' } });
    ({ token } = await newOperator(app, 'viewer'));
  });
  afterAll(() => app.close());

  const page = async (id: string, after = '') =>
    (await app.get(`/admin/users/${id}/timeline${after}`, { token })).body;
  const all = async (id: string) => {
    const moments: MomentDto[] = [];
    for (let after = ''; ;) {
      const { moments: found, has_more: hasMore } = await page(id, after);
      moments.push(...found);
      if (!hasMore) return moments;
      after = `?after=${found.at(-1).id}`;
    }
  };
  const used = (sessionId: string, times: Partial<Session>) =>
    app.sql.getRepository(Session).update({ id: sessionId }, times);

  it('has the last two rotations of a session, and nothing of one that was not used', async () => {
    const pair = await app.logIn();
    const id = userIdOf(pair.token);
    const refresh = async (refreshToken: string) =>
      (await app.put('/auth/tokens', undefined, { token: refreshToken })).body.refresh_token;
    const before = await all(id);
    const second = await refresh(pair.refresh_token);
    await refresh(await refresh(second));

    const uses = (await all(id)).flatMap(({ use }) => use ?? []);

    expect(before.flatMap(({ use }) => use ?? [])).toEqual([]);
    expect(uses.map(({ kind }) => kind)).toEqual(['refreshed', 'refreshed']);
    expect(new Set(uses.map(({ session_id: one }) => one))).toEqual(
      new Set([sessionIdOf(pair.token)]),
    );
  });

  it('tells a last use to the quarter hour, in its place among pages', async () => {
    const pair = await app.logIn();
    const id = userIdOf(pair.token);
    const lastUsedAt = ago(90);
    await used(sessionIdOf(pair.token), { createdAt: ago(180), lastUsedAt });
    const events = Array.from({ length: 120 }, (_, index) => {
      const at = ago(180 - index);
      const place = String(BigInt(Snowflake.firstOf(+at)) + 1n);
      return { id: place, at, userId: id, action: 'login.failed', actorKind: 'user' } as const;
    });
    await app.sql.getRepository(AuditEvent).insert(events);

    const moments = await all(id);

    const ids = moments.map((moment) => BigInt(moment.id));
    expect(ids).toEqual(ids.toSorted((one, other) => (one < other ? 1 : -1)));
    expect(new Set(ids).size).toBe(ids.length);
    expect(moments.filter(({ event }) => event?.action === 'login.failed')).toHaveLength(120);
    const quarter = new Date(+lastUsedAt - (+lastUsedAt % QUARTER_MS)).toISOString();
    expect(moments.flatMap(({ at, use }) => (use ? [[String(at), use.kind]] : []))).toEqual([
      [quarter, 'last_used'],
    ]);
  });
});
