import { readFileSync } from 'node:fs';
import type { AlertDto } from '../../src/admin/dto/overview.dto';
import { Node } from '../../src/events/node.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { SmsSpend } from '../../src/sms/sms-spend.entity';
import { passTime } from '../support/clock';
import { newOperator } from '../support/operators';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
/** An eighth of a day's budget is there at once, and the rest flows in: that eighth in a seventh of a day. */
const FULL_MS = DAY_MS / 7;

const node = (name: string, about: Partial<Node>): Node => ({
  id: name,
  name,
  version: '0.0.9',
  redis: 'up',
  sqlMs: 3,
  startedAt: new Date(Date.now() - DAY_MS),
  seenAt: new Date(),
  ...about,
});

/** So many minutes ago. */
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS);

/** Up, also after all the time that passes here. */
const upSince = (minutes: number) => ({ startedAt: ago(minutes), seenAt: ago(-5) });

const spend = (about: Partial<SmsSpend>) => ({
  day: new Date().toISOString().slice(0, 10),
  scope: '*',
  total: 0,
  fresh: 0,
  totalAlert: 0,
  freshAlert: 0,
  ...about,
});

const isOfBudget = ({ kind }: { kind: string }) => kind.endsWith('_spent');

/** As buckets have it: the moment, in microseconds, at which one is full again. */
const fullAt = (ms: number) => Math.round((Date.now() + ms) * 1000);

describe.each(MODES)('the overview of an installation (%s)', (mode) => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { SMS_COUNTRIES: 'CN', SMS_BUDGET_DAILY: '80' } });
    ({ token } = await newOperator(app, 'viewer'));
    // Else it has come for whatever was lost.
    await until(async () => (await nodes().count()) > 0);
    await nodes().update({ version }, { startedAt: ago(24 * 60) });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const overview = async (range: string) =>
    (await app.get(`/admin/overview?range=${range}`, { token })).body;
  /** After how things stand was kept for long enough. */
  const later = (range: string) => {
    passTime(5000);
    return overview(range);
  };
  const nodes = () => app.sql.getRepository(Node);
  const missedPods = async () => {
    const { alerts } = await later('1h');
    return alerts
      .map(({ kind, subject }: AlertDto) => `${kind} ${subject}`)
      .filter((told: string) => told.startsWith('node_silent pod-'));
  };

  it('tells of each node how it does, and of what somebody should look at', async () => {
    await nodes().insert([
      node('tandem-2', { seenAt: ago(1) }),
      node('tandem-3', { redis: 'down' }),
    ]);
    // Strangers may spend 48 of 80. What is told of otherwise is that there was a moment in which nothing had flowed in.
    const spent = spend({ total: 41_000_000, fresh: 40_000_000, totalAlert: 100, freshAlert: 100 });
    await app.sql.getRepository(SmsSpend).upsert(spent, ['day', 'scope']);

    const { nodes: told, alerts, jobs } = await overview('24h');

    const byName = new Map(told.map((one: Node) => [one.name, one]));
    const own = told.find((one: Node) => one.version === version);
    expect(byName.get('tandem-2')).toMatchObject({ state: 'silent', version: '0.0.9' });
    expect(own).toMatchObject({
      state: 'up',
      redis: mode === 'standard' ? 'up' : 'unused',
      sql_ms: expect.any(Number),
    });
    expect(jobs.some(({ holder }: { holder: string }) => holder === own.id)).toBe(true);
    expect(alerts).toEqual([
      { kind: 'node_silent', subject: 'tandem-2', value: null },
      { kind: 'redis_away', subject: 'tandem-3', value: null },
      { kind: 'versions_differ', subject: `0.0.9, ${version}`, value: null },
      { kind: 'strangers_spent', subject: '*', value: 83 },
    ]);
  });

  it('tells of a budget that is nearly spent, and of one that fills again no more', async () => {
    const rows = app.sql.getRepository(SmsSpend);
    await rows.upsert(spend({ total: 63_900_000, totalAlert: 100 }), ['day', 'scope']);
    const before = await later('30d');
    await rows.upsert(spend({ total: 64_000_000 }), ['day', 'scope']);
    const after = await later('30d');

    expect(before.alerts.filter(isOfBudget)).toEqual([]);
    expect(after.alerts.filter(isOfBudget)).toEqual([
      { kind: 'budget_spent', subject: '*', value: 80 },
    ]);
  });

  it('tells how things stand after some seconds, also beside counts that are kept for minutes', async () => {
    const { at } = await overview('30d');
    await nodes().insert(node('tandem-9', { redis: 'missing' }));

    const next = await later('30d');

    expect(next.at).toBe(at);
    expect(next.alerts).toContainEqual({ kind: 'redis_away', subject: 'tandem-9', value: null });
  });

  it('tells of the processes of one machine once, and not of one that was replaced', async () => {
    const lost = ago(30);
    const workers = ['a', 'b'].map((id) => ({ ...node('tandem-7', { redis: 'down' }), id }));
    const dead = ['c', 'd'].map((id) => ({ ...node('tandem-8', { seenAt: lost }), id }));
    const replaced = { ...node('tandem-6', { seenAt: lost }), id: 'e' };
    const instead = { ...node('tandem-6', { startedAt: new Date(+lost + 1000) }), id: 'f' };
    await nodes().insert([...workers, ...dead, replaced, instead]);

    const { alerts, nodes: told } = await later('1h');

    const names = new Set(['tandem-6', 'tandem-7', 'tandem-8']);
    expect(alerts.filter(({ subject }: { subject: string }) => names.has(subject))).toEqual([
      { kind: 'node_silent', subject: 'tandem-8', value: null },
      { kind: 'redis_away', subject: 'tandem-7', value: null },
    ]);
    expect(told.filter(({ name }: Node) => names.has(name))).toHaveLength(6);
  });

  it('tells of a lost node until others have come for as many, or for an hour', async () => {
    await nodes().delete({ version: '0.0.9' });
    await nodes().insert([
      node('pod-a', { seenAt: ago(10) }),
      node('pod-b', { seenAt: ago(20) }),
      node('pod-c', { seenAt: ago(30) }),
      node('pod-d', { seenAt: ago(61) }),
    ]);

    const all = await missedPods();
    await nodes().insert(node('pod-e', upSince(15)));
    const withOne = await missedPods();
    await nodes().insert(node('pod-f', upSince(5)));
    const withTwo = await missedPods();
    await nodes().insert(node('pod-g', upSince(5)));

    expect(all).toEqual(['a', 'b', 'c'].map((pod) => `node_silent pod-${pod}`));
    expect(withOne).toEqual(['node_silent pod-a', 'node_silent pod-c']);
    expect(withTwo).toEqual(['node_silent pod-c']);
    expect(await missedPods()).toEqual([]);
  });

  it('tells what of a budget has flowed in, and how much of it strangers may spend', async () => {
    const half = fullAt(FULL_MS / 2);
    const flow = { scope: '*', fresh: fullAt(FULL_MS), home: half, total: half };
    await app.sql.getRepository(SmsFlow).upsert(flow, ['scope']);
    const day = new Date().toISOString().slice(0, 10);
    await app.sql.getRepository(SmsSpend).update({ day, scope: '*' }, { total: 20_000_000 });

    const [budget] = (await later('1h')).budgets;

    expect(budget).toMatchObject({ scope: '*', budget: 80, spent: expect.closeTo(20, 0) });
    expect([budget.left, budget.left_for_strangers]).toEqual([
      expect.closeTo(5, 0),
      expect.closeTo(0, 0),
    ]);
  });

  it('forgets a node that shuts down, and not one that dies', async () => {
    const other = await TestApp.start({ mode });
    const before = await other.sql.getRepository(Node).count();
    await other.sql.getRepository(Node).insert(node('dead', {}));

    const again = await other.restart();
    const names = (await again.sql.getRepository(Node).find()).map(({ name }) => name);
    await again.close();

    expect(before).toBe(1);
    expect(names).toHaveLength(2);
    expect(names).toContain('dead');
  });
});
