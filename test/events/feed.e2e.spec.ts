import { OutboxEvent } from '../../src/events/outbox-event.entity';
import { EventFeedService } from '../../src/events/event-feed.service';
import { NUMBERING } from '../../src/events/numbering.service';
import { LeasesService } from '../../src/events/leases.service';
import { holdBackgroundJobs } from '../support/background-jobs';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { basic, CLERK, READER, SERVICE_CLIENTS } from '../support/service-client';
import { MODES, type Mode } from '../support/stores';
import { TestApp } from '../support/test-app';
import { numberEvents } from '../support/told';

holdBackgroundJobs();

describe.each(MODES)('GET /events (%s)', (mode: Mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { SERVICE_CLIENTS, LIMITS: 'code-cooldown=9/1h' } });
    await app.nest.get(LeasesService).claim(NUMBERING);
  });
  beforeEach(() => app.sql.getRepository(OutboxEvent).clear());
  afterAll(() => app.close());

  const read = async (query = '') =>
    (await app.get(`/events${query}`, { headers: basic(READER) })).body;
  const status = async (headers = {}) => {
    const { status: got, body } = await app.get('/events', { headers });
    return [got, body.errorCode];
  };
  const readAll = async (limit: number) => {
    const events = [];
    for (let [after, more] = ['', true]; more;) {
      const page = await read(`?limit=${limit}${after && `&after=${after}`}`);
      events.push(...page.events);
      [after, more] = [page.cursor, page.has_more];
    }
    return events;
  };

  it('tells of a first login, with the number as country and last two digits', async () => {
    const { mobile, token } = await app.logIn();
    await numberEvents(app);
    const [user_id, session_id] = [userIdOf(token), sessionIdOf(token)];
    const shown = { country: 'CN', last_two: mobile.slice(-2) };

    const { events, has_more, missed } = await read();
    expect({ has_more, missed }).toEqual({ has_more: false, missed: false });
    expect(events).toMatchObject([
      { type: 'user.created', data: { user_id, session_id, mobile: shown } },
      { type: 'session.started', data: { user_id, session_id, method: 'code', mobile: shown } },
      { type: 'device.added', data: { user_id, device_id: session_id, mobile: shown } },
    ]);
    expect(events[0]).toMatchObject({
      id: expect.stringMatching(/^evt_\d+$/),
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(JSON.stringify(events)).not.toContain(mobile.slice(1));
  });

  it('tells of events only once they have their place, in pages of any size', async () => {
    await app.logIn();
    expect((await read()).events).toEqual([]);

    await app.logIn();
    await numberEvents(app);
    const all = (await read()).events;

    expect(all).toHaveLength(6);
    expect(await readAll(1)).toEqual(all);
    expect(await readAll(4)).toEqual(all);
    expect((await read(`?after=${all.at(-1).position}`)).events).toEqual([]);
  });

  it('forgets what is older than 30 days, and says so to a reader who was away', async () => {
    await app.logIn();
    await numberEvents(app);
    const [first, second, third] = (await read()).events;
    const old = new Date(Date.now() - 31 * 86_400_000);
    const repository = app.sql.getRepository(OutboxEvent);
    for (const { id } of [first, second]) await repository.update({ id: id.slice(4) }, { at: old });
    await app.nest.get(EventFeedService).purge();

    expect(await read()).toMatchObject({ events: [third], missed: false });
    expect(await read(`?after=${first.position}`)).toMatchObject({ events: [third], missed: true });
    expect(await read(`?after=${second.position}`)).toMatchObject({ missed: false });
  });

  it('is for services with the scope events', async () => {
    expect(await status()).toEqual([401, 'INVALID_CLIENT']);
    expect(await status(basic(READER, 'wrong'))).toEqual([401, 'INVALID_CLIENT']);
    expect(await status(basic(CLERK))).toEqual([403, 'FORBIDDEN']);
    expect(await status(basic())).toEqual([200, undefined]);
  });

  it.each(['?after=-1', '?after=x', '?limit=0', '?limit=1001', '?limit=1e2', '?after=1&after=2'])(
    'refuses %s',
    async (query) => {
      expect(await read(query)).toMatchObject({ statusCode: 400 });
    },
  );
});
