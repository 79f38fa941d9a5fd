import type { NestApplication } from '@nestjs/core';
import { EventStreamsService } from '../../src/admin/event-streams.service';
import { EventFeedService } from '../../src/events/event-feed.service';
import { LeasesService } from '../../src/events/leases.service';
import { NUMBERING } from '../../src/events/numbering.service';
import { OutboxEvent } from '../../src/events/outbox-event.entity';
import { Session } from '../../src/sessions/session.entity';
import { User } from '../../src/users/user.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { passTime } from '../support/clock';
import { OpenStream } from '../support/event-stream';
import { ADAPTERS } from '../support/host-app';
import { sessionIdOf } from '../support/jwt';
import { newOperator } from '../support/operators';
import { open as connect, textOf } from '../support/raw-request';
import { expectRefusal } from '../support/refusal';
import { basic, SERVICE_CLIENTS } from '../support/service-client';
import { MODES } from '../support/stores';
import { TestApp, type TestAppOptions } from '../support/test-app';
import { numberEvents } from '../support/told';
import { until } from '../support/until';

const LIMITS = 'codes-per-address=9999/1h,easy-codes-per-address=9999/1h';

holdBackgroundJobs();

async function start(options: TestAppOptions): Promise<TestApp> {
  const app = await TestApp.start({ ...options, env: { LIMITS, SERVICE_CLIENTS } });
  await app.nest.get(LeasesService).claim(NUMBERING);
  return app;
}

const look = (app: TestApp) => app.nest.get(EventStreamsService).look();

/** What happened is numbered, and the streams told of it, as they are once a second. */
async function tell(app: TestApp): Promise<void> {
  await numberEvents(app);
  await look(app);
}

type Operator = Awaited<ReturnType<typeof newOperator>>;

describe.each(MODES)('GET /admin/events (%s)', (mode) => {
  let app: TestApp;
  let viewer: Operator;
  let streams: OpenStream[];

  beforeAll(async () => {
    app = await start({ mode });
    viewer = await newOperator(app, 'viewer');
  });
  beforeEach(async () => {
    await numberEvents(app);
    streams = [];
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const stream of streams) stream.leave();
    await until(async () => (await app.get('/admin/events?wait=0', viewer)).status === 200);
  });
  afterAll(() => app.close());

  async function follow(query = '', operator: { token: string } = viewer): Promise<OpenStream> {
    const stream = await OpenStream.open(app, operator, query);
    streams.push(stream);
    return stream;
  }

  const feed = async (after: string) =>
    (await app.get(`/events?limit=1000&after=${after}`, { headers: basic() })).body.events;
  const newest = () => app.nest.get(EventFeedService).lastPosition();

  it('rule 22: tells what happens in order and without a gap, as GET /events does', async () => {
    const after = await newest();
    const stream = await follow(`?after=${after}`);
    expect(await stream.line()).toBe('');
    let isOver = false;
    const loggingIn = Promise.all(Array.from({ length: 8 }, () => app.logIn()));
    void loggingIn.finally(() => (isOver = true));
    // One after the other, as the job numbers them.
    await until(async () => {
      await tell(app);
      return isOver;
    });
    const logins = await loggingIn;
    await tell(app);

    const told = await stream.events(24);

    expect(told).toEqual(await feed(after));
    expect(told.map(({ position }) => Number(position) - Number(after))).toEqual(
      Array.from({ length: 24 }, (_, index) => index + 1),
    );
    for (const { mobile } of logins) expect(JSON.stringify(told)).not.toContain(mobile.slice(1));
    expect(stream.response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
    expect(stream.response.headers.get('content-encoding')).toBeNull();
  });

  it('goes on behind any event, and begins with the newest 50 for whoever names none', async () => {
    const all = await feed('0');
    const after = all[2].position;
    const middle = await newest();
    await app.logIn();
    await numberEvents(app);

    const { body } = await app.get('/admin/events?wait=0', viewer);
    const rows = String(body).trim().split('\n');
    expect(rows.map((row) => JSON.parse(row))).toEqual((await feed('0')).slice(-50));
    const stream = await follow(`?after=${after}`);
    expect(await stream.events(all.length)).toEqual(await feed(after));
    const later = await follow(`?after=${middle}&wait=0`);
    expect(await later.rest()).toHaveLength(3);
  });

  it('reads once for all who watch, and asks once for who may', async () => {
    const after = await newest();
    const other = await newOperator(app, 'support');
    await numberEvents(app);
    const all = await Promise.all([follow(), follow(), follow('', other)]);
    for (const stream of all) await stream.events(1);
    await app.logIn();
    await numberEvents(app);
    const [read, found] = [
      jest.spyOn(app.nest.get(EventFeedService), 'readAfter'),
      jest.spyOn(app.sql.getRepository(User), 'findBy'),
    ];

    await look(app);

    const last = (await feed(after)).at(-1);
    for (const stream of all) {
      const told = await stream.events(1);
      while (told.at(-1)!.position !== last.position) told.push(...(await stream.events(1)));
    }
    // One of them is of GET /events.
    expect(read).toHaveBeenCalledTimes(2);
    expect(found.mock.calls.length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['demoted', { roles: [] }, {}, 'FORBIDDEN'],
    ['disabled', { status: 'disabled' }, {}, 'USER_DISABLED'],
    ['logged out', {}, { endedAt: new Date() }, 'UNAUTHORIZED'],
  ] as const)('ends at the next look for whoever was %s', async (_, user, session, code) => {
    const operator = await newOperator(app, 'viewer');
    await numberEvents(app);
    const query = `?after=${await newest()}`;
    const [theirs, ours] = [await follow(query, operator), await follow(query)];
    if (Object.keys(user).length > 0) {
      await app.sql.getRepository(User).update({ id: operator.id }, { ...user, roles: [] });
    }
    const which = { id: sessionIdOf(operator.token), userId: operator.id };
    if (Object.keys(session).length > 0)
      await app.sql.getRepository(Session).update(which, session);
    await app.logIn();

    await tell(app);

    expect(await theirs.rest()).toEqual([]);
    expectRefusal(await app.get('/admin/events?wait=0', operator), code);
    expect(await ours.events(3)).toHaveLength(3);
  });

  it('are three an operator, until one of them leaves', async () => {
    const [first] = [await follow(), await follow(), await follow()];
    const answer = await app.get('/admin/events', viewer);
    expectRefusal(answer, 'TOO_MANY_REQUESTS');
    expect(answer.body.limit).toBe('account');
    expect(answer.body.retry_after).toBeLessThanOrEqual(50);

    first.leave();

    await until(async () => (await app.get('/admin/events?wait=0', viewer)).status === 200);
  });

  it('says nothing new in an empty line, and ends after the time that was asked for', async () => {
    const stream = await follow(`?after=${await newest()}&wait=20`);
    expect(await stream.line()).toBe('');
    await look(app);
    passTime(15_000);
    await look(app);
    expect(await stream.line()).toBe('');

    passTime(5000);
    await look(app);

    expect(await stream.line()).toBeUndefined();
  });

  it('ends while it is not known who may see it, and answers 503 to whoever comes again', async () => {
    const stream = await follow(`?after=${await newest()}`);
    const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    jest.spyOn(app.sql.getRepository(User), 'findBy').mockRejectedValueOnce(away);
    await expect(look(app)).rejects.toBe(away);

    expect(await stream.rest()).toEqual([]);
    jest.spyOn(app.nest.get(EventFeedService), 'readAfter').mockRejectedValueOnce(away);
    expectRefusal(await app.get('/admin/events?wait=0', viewer), 'UNAVAILABLE');
  });

  it.each(['?after=-1', '?after=x', '?wait=51', '?wait=-1', '?wait=1e1', '?wait=', '?limit=1'])(
    'refuses %s',
    async (query) => {
      expectRefusal(await app.get(`/admin/events${query}`, viewer), 'VALIDATION_FAILED');
    },
  );
});

const SERVERS: [string, TestAppOptions][] = [
  ['the server', {}],
  ...ADAPTERS.map((adapter): [string, TestAppOptions] => [
    `a host on ${adapter}`,
    { adapter, routes: { admin: true } },
  ]),
];

describe.each(SERVERS)('streams of events of %s', (_, options) => {
  let app: TestApp;
  let viewer: Operator;

  beforeAll(async () => {
    app = await start(options);
    viewer = await newOperator(app, 'viewer');
  });
  afterEach(() => jest.restoreAllMocks());

  it('are read for clients who read, and cut for those who do not', async () => {
    const events = 8000;
    await insertEvents(app, events);
    const read = jest.spyOn(app.nest.get(EventFeedService), 'readAfter');
    const slow = connect(app.baseUrl).pause();
    slow.write(
      `GET /admin/events?after=0 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${viewer.token}\r\n\r\n`,
    );
    await until(() => read.mock.calls.length > 3);
    const fast = await OpenStream.open(app, viewer, '?after=0');
    expect(await fast.events(events)).toHaveLength(events);
    const waiting = await OpenStream.open(app, viewer, `?after=${events}`);
    expect((await app.get('/admin/events?wait=0', viewer)).status).toBe(429);

    passTime(10_000);
    await look(app);

    await until(async () => (await app.get('/admin/events?wait=0', viewer)).status === 200);
    const received = await textOf(slow.resume());
    expect(received).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(received.split('\n').length).toBeLessThan(events);
    fast.leave();
    waiting.leave();
  });

  it('rule 18: end at once when the server does, in full, and a request gets what is there', async () => {
    const stream = await OpenStream.open(app, viewer);

    // In a host what comes after belongs to the host, and is not waited for here.
    const signal = options.adapter ? undefined : 'SIGTERM';
    const closed = (app.nest as NestApplication).close(signal);

    expect(await stream.rest()).toHaveLength(50);
    if (!options.adapter) {
      expect((await app.get('/health/ready')).status).toBe(503);
      expect((await app.get('/admin/events', viewer)).status).toBe(200);
    }
    await closed;
    await app.inbox.close();
  });
});

/** As large as they may be. */
async function insertEvents(app: TestApp, count: number): Promise<void> {
  const repository = app.sql.getRepository(OutboxEvent);
  const { tableName } = repository.metadata;
  await repository.clear();
  await app.sql.query(
    `INSERT INTO ${tableName} (id, at, type, data, position)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
      SELECT i, 0, 'user.updated', ?, i FROM n`,
    [count, JSON.stringify({ fields: 'x'.repeat(900) })],
  );
}
