import { RevocationList } from '../src/sessions/revocation-list';
import { userIdOf } from './support/jwt';
import { insertSessions } from './support/session-rows';
import { MODES } from './support/stores';
import { type LoggedIn, TestApp } from './support/test-app';

interface Statement {
  text: string;
  parameters: unknown[];
}

interface Step {
  index: string | null;
  rows?: number;
}

/** Enough for the planner to prefer an index. */
const SESSIONS = 5000;

describe.each(MODES)('the plans of frequent statements on sessions (%s)', (mode) => {
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { REFRESH_ROTATION: 'on' } });
    user = await app.logIn();
    const longAgo = { endedAt: new Date(1), endReason: 'logout' as const };
    await insertSessions(app.sql, SESSIONS);
    await insertSessions(app.sql, SESSIONS, longAgo);
    const userId = userIdOf(user.token);
    await app.sql.query(`UPDATE sessions SET user_id = id WHERE user_id <> ${userId}`);
    if (mode === 'standard') await app.sql.query('ANALYZE TABLE sessions');
  });
  afterAll(() => app.close());

  it('the poll for ended sessions uses the index on their ends', async () => {
    const statements = await during(() => app.nest.get(RevocationList)['poll']());

    const [step] = await planOf(statements, /^SELECT.*ended_at/);
    expect(step).toMatchObject({ index: 'ix_sessions_ended_at' });
  });

  it('a rotation finds its one session by an index', async () => {
    const token = user.refresh_token;
    const statements = await during(() => app.put('/auth/tokens', undefined, { token }));

    const [step] = await planOf(statements, /^UPDATE .*generation/);
    expect(step).toEqual({ index: expect.any(String), rows: mode === 'standard' ? 1 : undefined });
  });

  it('the list of live sessions uses the index of their owner', async () => {
    const statements = await during(() => app.get('/auth/sessions', { token: user.token }));

    const [step] = await planOf(statements, /^SELECT.*last_used_at/);
    expect(step).toMatchObject({ index: 'ix_sessions_user_id' });
  });

  async function during(work: () => Promise<unknown>): Promise<Statement[]> {
    const log = jest.spyOn(app.sql.logger, 'logQuery');
    await work();
    const statements = log.mock.calls.map(([text, parameters]) => ({
      text,
      parameters: parameters as unknown[],
    }));
    log.mockRestore();
    return statements;
  }

  /** How a matching statement reads: by which index, and how many rows where the store says so. */
  async function planOf(statements: Statement[], pattern: RegExp): Promise<Step[]> {
    const { text, parameters } = statements.find((statement) => pattern.test(statement.text))!;
    const explain = mode === 'standard' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
    const steps = await app.sql.query(`${explain} ${text}`, parameters);
    return steps.map(mode === 'standard' ? mariaDbStep : sqliteStep);
  }
});

const mariaDbStep = ({ key, rows }: { key: string | null; rows: string }): Step => ({
  index: key,
  rows: Number(rows),
});

/** From `SEARCH sessions USING INDEX ix_sessions_ended_at (ended_at>?)`. */
const sqliteStep = ({ detail }: { detail: string }): Step => ({
  index: /^SEARCH .* INDEX (\w+)/.exec(detail)?.[1] ?? null,
});
