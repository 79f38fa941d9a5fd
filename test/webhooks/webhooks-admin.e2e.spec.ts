import { passTime } from '../support/clock';
import { newOperator } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { isSignedBy, WebhookReceiver } from '../support/webhook-receiver';

type Operator = Awaited<ReturnType<typeof newOperator>>;

describe('webhooks below /admin', () => {
  let app: TestApp;
  let admin: Operator;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    app = await TestApp.start({ env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' } });
    [admin, receiver] = [await newOperator(app, 'admin'), await WebhookReceiver.open()];
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await app.close();
    await receiver.close();
  });

  const add = async (events = ['user.created'], by = admin) =>
    app.post('/admin/webhooks', { url: receiver.url, events }, by);

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
    expect([replay.status, replay.body]).toEqual([202, { events: 1 }]);
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
    const replay = async (since: string) =>
      (await app.post(`/admin/webhooks/${body.id}/replay`, { since }, admin)).status;

    for (const time of ['2026-11-29', '2026-11-29T12:00:00.5Z', '2026-11-29T12:00+08:00'])
      expect([time, await replay(time)]).toEqual([time, 202]);
    for (const other of ['2026-W48', '20261129', '2026-02-31', '2026-11-29T12:00', '5', 'now'])
      expect([other, await replay(other)]).toEqual([other, 400]);
    await app.delete(`/admin/webhooks/${body.id}`, admin);
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
