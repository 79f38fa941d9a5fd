import { IsNull } from 'typeorm';
import type { EventType } from '../../src/events/event-types';
import { OutboxEvent } from '../../src/events/outbox-event.entity';
import { Snowflake } from '../../src/common/snowflake';
import { passTime } from '../support/clock';
import { newOperator } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { isSignedBy, WebhookReceiver } from '../support/webhook-receiver';

const DAY_MS = 86_400_000;

type Operator = Awaited<ReturnType<typeof newOperator>>;

describe('webhooks below /admin', () => {
  let app: TestApp;
  let admin: Operator;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    app = await TestApp.start({ env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' } });
    [admin, receiver] = [await newOperator(app, 'admin'), await WebhookReceiver.open()];
    // Of what has no place yet, an endpoint that is added gets all.
    const events = app.sql.getRepository(OutboxEvent);
    await until(async () => (await events.countBy({ position: IsNull() })) === 0);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await app.close();
    await receiver.close();
  });

  const add = async (events = ['user.created'], by = admin) =>
    app.post('/admin/webhooks', { url: receiver.url, events }, by);
  const replayTime = (id: string, time: { since: string; until?: string }) =>
    app.post(`/admin/webhooks/${id}/replay`, time, admin);

  it('are added, tested, replayed, looked at and removed by admins', async () => {
    const { status, body } = await add();
    const path = `/admin/webhooks/${body.id}`;
    const tested = await app.post(`${path}/test`, undefined, admin);
    await app.logIn();
    await until(() => receiver.of('user.created').length === 1);
    const event = receiver.calls.at(-1)!.id;
    const replay = await app.post(`${path}/replay`, { event }, admin);
    await until(() => receiver.of('user.created').length === 2);
    await until(async () => (await app.get(`${path}/attempts`, admin)).body.attempts[0].made_at);
    const { body: page } = await app.get(`${path}/attempts`, admin);
    const listed = await app.get('/admin/webhooks', admin);
    const removed = await app.delete(path, admin);

    expect(status).toBe(201);
    expect(isSignedBy(body.secret, receiver.calls[0]!)).toBe(true);
    expect(tested.body).toMatchObject({ status: 204, failure: null });
    expect([replay.status, replay.body]).toEqual([202, { events: 1, next: null }]);
    expect(page).toMatchObject({
      has_more: false,
      attempts: [
        { event, attempt: 1, is_replay: true, status: 204, failure: null },
        { event, attempt: 1, is_replay: false, status: 204, failure: null },
      ],
    });
    expect(JSON.stringify(listed.body)).not.toContain('whsec_');
    expect(listed.body).toMatchObject([{ id: body.id, status: 'enabled', pii: false }]);
    expect(removed.status).toBe(204);
    expectRefusal(await app.get(`${path}/attempts`, admin), 'NOT_FOUND');
  });

  it('leave every step in the audit', async () => {
    const rows = await app.sql.query(
      `SELECT action, actor_kind, actor_id FROM audit_events WHERE action LIKE 'webhook.%' ORDER BY id`,
    );
    const steps = ['created', 'tested', 'replayed', 'removed'];

    expect(rows).toEqual(
      steps.map((step) => ({
        action: `webhook.${step}`,
        actor_kind: 'operator',
        actor_id: admin.id,
      })),
    );
  });

  it.each([
    ['no list of types', { url: 'https://hooks.example.com', events: [] }],
    ['an unknown type', { url: 'https://hooks.example.com', events: ['user.unknown'] }],
    ['another protocol', { url: 'file:///etc/passwd', events: ['*'] }],
    ['a password', { url: 'https://me:secret@hooks.example.com', events: ['*'] }],
    ['no URL', { url: 'hooks', events: ['*'] }],
    ['a break of the line', { url: 'https://hooks.example.com/\n', events: ['*'] }],
    ['full numbers', { url: 'https://hooks.example.com', events: ['*'], pii: true }],
  ])('are refused with %s', async (_, body) => {
    expectRefusal(await app.post('/admin/webhooks', body, admin), 'VALIDATION_FAILED');
  });

  it('are replayed from a day or a time with its offset, and from nothing else', async () => {
    const { body } = await add();
    const status = async (since: string) => (await replayTime(body.id, { since })).status;

    for (const time of ['2025-11-29', '2025-11-29T12:00:00.5Z', '2025-11-29T12:00+08:00'])
      expect([time, await status(time)]).toEqual([time, 202]);
    for (const other of ['2025-W48', '20251129', '2025-02-31', '2025-11-29T12:00', '5', 'now'])
      expect([other, await status(other)]).toEqual([other, 400]);
    await app.delete(`/admin/webhooks/${body.id}`, admin);
  });

  it('are not replayed from a time that ends before it begins, or has not come', async () => {
    const { body } = await add();
    const [earlier, later] = ['2025-11-29T12:00:00Z', '2025-11-29T12:00:01Z'];

    for (const time of [
      { since: later, until: earlier },
      { since: later, until: later },
      { since: '2080-01-01' },
    ]) {
      expectRefusal(await replayTime(body.id, time), 'VALIDATION_FAILED');
    }
    expect((await replayTime(body.id, { since: earlier, until: later })).status).toBe(202);
    await app.delete(`/admin/webhooks/${body.id}`, admin);
  });

  it('are replayed as far as they are wanted, and the answer says from when there are more', async () => {
    const [first, many] = [Date.now() - 2 * DAY_MS, 10_001];
    await insertEvents(app, 'login.failed', first, many);
    await insertEvents(app, 'sms.paused', first + many, 1);
    const usual = (await add(['login.failed', 'user.disabled'])).body.id;
    const rare = (await add(['sms.paused'])).body.id;
    // Nobody is called: what is asked is what will be told.
    await app.sql.query('UPDATE webhook_endpoints SET disabled_at = 1');
    const from = (moment: number) => ({
      since: new Date(moment).toISOString(),
      until: new Date(first + DAY_MS).toISOString(),
    });

    const some = await replayTime(usual, from(first));
    const rest = await replayTime(usual, from(Date.parse(some.body.next)));
    const one = await replayTime(rare, from(first));

    const next = new Date(first + 10_000).toISOString();
    expect(some.body).toEqual({ events: 10_000, next });
    expect(rest.body).toEqual({ events: 1, next: null });
    expect(one.body).toEqual({ events: 1, next: null });
    for (const id of [usual, rare]) await app.delete(`/admin/webhooks/${id}`, admin);
  });

  it('are at most twenty', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 20; count++) ids.push((await add()).body.id);

    expectRefusal(await add(), 'VALIDATION_FAILED');

    for (const id of ids) await app.delete(`/admin/webhooks/${id}`, admin);
  });

  it('are for admins alone, who have proved themselves within ten minutes to change something', async () => {
    const support = await newOperator(app, 'support');
    const user = await app.logIn();

    for (const by of [support, user as never]) {
      expectRefusal(await add(['*'], by), 'FORBIDDEN');
      expectRefusal(await app.get('/admin/webhooks', by), 'FORBIDDEN');
      expectRefusal(await app.post('/admin/webhooks/1/test', undefined, by), 'FORBIDDEN');
    }
    passTime(11 * 60_000);

    expectRefusal(await add(), 'STEP_UP_REQUIRED');
    expectRefusal(await app.delete('/admin/webhooks/1', admin), 'STEP_UP_REQUIRED');
    expect((await app.get('/admin/webhooks', admin)).status).toBe(200);
  });
});

/** One in each millisecond. */
async function insertEvents(
  app: TestApp,
  type: EventType,
  first: number,
  count: number,
): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: Snowflake.firstOf(first + index),
    at: new Date(first + index),
    type,
  }));
  for (let from = 0; from < count; from += 500)
    await app.sql.getRepository(OutboxEvent).insert(rows.slice(from, from + 500));
}
