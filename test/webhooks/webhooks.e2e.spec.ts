import { Webhook } from 'standardwebhooks';
import { CLI } from '../support/actors';
import { passTime } from '../support/clock';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { scrape, valueOf } from '../support/prometheus';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { isSignedBy, WebhookReceiver } from '../support/webhook-receiver';
import { Clock } from '../../src/common/clock';
import { WebhookAttempt } from '../../src/webhooks/webhook-attempt.entity';
import {
  type NewEndpoint,
  WebhookEndpointsService,
} from '../../src/webhooks/webhook-endpoints.service';
import { WebhookReplaysService } from '../../src/webhooks/webhook-replays.service';

const DAY = 86_400_000;

describe.each(MODES)('webhooks (%s)', (mode) => {
  let app: TestApp;
  const receivers: WebhookReceiver[] = [];

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' } });
  });
  afterEach(async () => {
    for (const { id } of await endpoints().list()) await endpoints().remove(id, CLI);
  });
  afterAll(async () => {
    // Not before: a clock that goes back leaves jobs waiting.
    jest.restoreAllMocks();
    await app.close();
    await Promise.all(receivers.map((receiver) => receiver.close()));
  });

  const endpoints = () => app.nest.get(WebhookEndpointsService);
  const now = () => app.nest.get(Clock).now();
  const replays = () => app.nest.get(WebhookReplaysService);
  const attempts = (endpointId: string) =>
    app.sql.getRepository(WebhookAttempt).find({ where: { endpointId }, order: { id: 'ASC' } });

  const subscribe = async (about: Partial<NewEndpoint> = {}) => {
    const receiver = await WebhookReceiver.open();
    receivers.push(receiver);
    const shown = await endpoints().add({ url: receiver.url, events: ['*'], ...about }, CLI);
    return { ...shown, id: shown.endpoint.id, receiver };
  };

  it('tell of what happens, signed as Standard Webhooks say, without full numbers', async () => {
    const { receiver, secret } = await subscribe();
    const { mobile, token } = await app.logIn();

    await until(() => receiver.of('session.started').length > 0);

    const [call] = receiver.of('user.created');
    expect(new Webhook(secret).verify(call!.body, call!.headers as never)).toEqual(call!.event);
    expect(call!.event).toMatchObject({
      id: call!.id,
      data: { user_id: userIdOf(token), mobile: { last_two: mobile.slice(-2) } },
    });
    expect(call!.id).toMatch(/^evt_\d+$/);
    expect(JSON.stringify(receiver.calls)).not.toContain(mobile);
  });

  it('tell those of full numbers who were added so, and all of what they asked for only', async () => {
    const { receiver: masked } = await subscribe({ events: ['user.created'] });
    const { receiver: full } = await subscribe({ events: ['user.created'], pii: true });
    const { mobile } = await app.logIn();

    await until(() => masked.calls.length > 0 && full.calls.length > 0);

    expect(full.calls[0]!.event.data).toMatchObject({ mobile });
    expect(masked.calls.map(({ event }) => event.type)).toEqual(['user.created']);
    expect(masked.calls[0]!.id).toBe(full.calls[0]!.id);
  });

  it('are signed by two secrets for a day after a rotation', async () => {
    const { receiver, id, secret } = await subscribe();
    const { secret: next } = await endpoints().rotate(id, CLI);
    await until(async () => {
      await replays().test(id, CLI);
      return receiver.calls.length > 0;
    });
    const during = receiver.calls.at(-1)!;
    passTime(DAY + 1000);
    await replays().test(id, CLI);
    const after = receiver.calls.at(-1)!;

    expect(next).not.toBe(secret);
    expect([isSignedBy(secret, during), isSignedBy(next, during)]).toEqual([true, true]);
    expect([isSignedBy(secret, after), isSignedBy(next, after)]).toEqual([false, true]);
  });

  it('rule 22: are tried again under the same id with a new timestamp, and each attempt is on record', async () => {
    const { receiver, id } = await subscribe({ events: ['user.created'] });
    receiver.behave = () => (receiver.calls.length === 1 ? 503 : 200);
    await app.logIn();
    await until(async () => (await attempts(id)).length === 2);
    passTime(8000);

    await until(async () => (await attempts(id)).every(({ dueAt }) => dueAt === null));

    const [first, second] = receiver.calls;
    expect(second!.id).toBe(first!.id);
    expect(second!.headers['webhook-timestamp']).not.toBe(first!.headers['webhook-timestamp']);
    expect(await attempts(id)).toMatchObject([
      { attempt: 1, status: 503, failure: 'status' },
      { attempt: 2, status: 200, failure: null },
    ]);
  });

  it('wait as long as they are asked to', async () => {
    const { receiver, id } = await subscribe({ events: ['user.created'] });
    receiver.behave = () => [429, { 'retry-after': '600' }];
    await app.logIn();

    await until(async () => (await attempts(id)).length === 2);

    const [made, next] = await attempts(id);
    const seconds = (next!.dueAt!.getTime() - made!.madeAt!.getTime()) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(600);
    expect(seconds).toBeLessThanOrEqual(720);
  });

  it('give up after ten attempts within some three days', async () => {
    const { receiver, id } = await subscribe({ events: ['user.created'] });
    receiver.behave = () => 500;
    await app.logIn();
    await until(() => receiver.calls.length === 1);
    const due = async () => (await attempts(id)).find(({ dueAt }) => dueAt)?.dueAt?.getTime();
    const startedAt = now();
    for (let count = 2; count <= 10; count++) {
      await until(async () => ((await due()) ?? 0) > now());
      passTime((await due())! - now() + 400_000);
      await until(() => receiver.calls.length === count);
    }
    const last = now();
    await until(async () => (await due()) === undefined);

    expect(await attempts(id)).toHaveLength(10);
    expect(new Set(receiver.calls.map((call) => call.id)).size).toBe(1);
    expect((last - startedAt) / DAY).toBeGreaterThan(2.9);
    expect((last - startedAt) / DAY).toBeLessThan(3.7);
  });

  it.each([
    [302, 'redirect'],
    [404, 'status'],
    ['reset' as const, 'connection'],
  ])('that are answered with %s have failed (%s), and go nowhere else', async (answer, failure) => {
    const { receiver: elsewhere } = await subscribe({ events: ['session.ended'] });
    const { receiver, id } = await subscribe({ events: ['user.created'] });
    receiver.behave = () =>
      typeof answer === 'number' ? [answer, { location: elsewhere.url }] : answer;
    await app.logIn();

    await until(async () => (await attempts(id)).length === 2);

    expect((await attempts(id))[0]).toMatchObject({ failure });
    expect(elsewhere.calls).toEqual([]);
  });

  it('end for an endpoint that says 410, and go on from there when it is switched on again', async () => {
    const { receiver: watcher } = await subscribe({ events: ['webhook.disabled'] });
    const { receiver, id } = await subscribe({ events: ['user.created'] });
    receiver.behave = () => 410;
    await app.logIn();
    await until(() => watcher.calls.some(({ event }) => event.data.endpoint_id === id));
    await app.logIn();
    const { disabledReason } = await endpoints().get(id);
    const before = receiver.calls.length;

    receiver.behave = () => 200;
    await endpoints().enable(id, CLI);
    await until(() => receiver.calls.length > before);

    expect(disabledReason).toBe('gone');
    expect(before).toBe(1);
  });

  it('end for an endpoint that has failed for five days, with an event and a metric', async () => {
    const { receiver: watcher } = await subscribe({ events: ['webhook.disabled'] });
    const { receiver, id } = await subscribe({ events: ['user.created'] });
    receiver.behave = () => 500;
    const disabled = async () =>
      valueOf(await scrape(app), 'tandem_webhooks_disabled_total', { reason: 'failing' });
    const before = await disabled();
    await app.logIn();
    await until(async () => (await endpoints().get(id)).failingSince !== null);
    passTime(5 * DAY + 60_000);

    await until(() => watcher.calls.length > 0);

    expect(watcher.calls[0]!.event.data).toMatchObject({ endpoint_id: id, reason: 'failing' });
    expect((await disabled()) - before).toBe(1);
  });

  it('to an endpoint that hangs delay nobody else', async () => {
    const { receiver: slow } = await subscribe({ events: ['user.created'] });
    const { receiver: fast } = await subscribe({ events: ['user.created'] });
    slow.behave = () => 'hang';
    for (let count = 0; count < 3; count++) await app.logIn();

    await until(() => fast.calls.length === 3);

    expect(slow.calls.length).toBeGreaterThan(0);
  });

  it('rule 22: are told again by id, or those of a time, under the same ids', async () => {
    const { receiver, id } = await subscribe({ events: ['user.created'] });
    const since = new Date(now() - 1000);
    await app.logIn();
    await app.logIn();
    await until(() => receiver.calls.length === 2);
    const ids = receiver.calls.map((call) => call.id);

    await replays().replay(id, { event: ids[0]! }, CLI);
    await until(() => receiver.calls.length === 3);
    const time = { since, until: new Date(now() + 1000) };
    const { events: count, next } = await replays().replay(id, time, CLI);
    await until(() => receiver.calls.length === 3 + count);

    expect(receiver.calls[2]!.id).toBe(ids[0]);
    expect(next).toBeNull();
    expect(count).toBeGreaterThanOrEqual(2);
    expect(receiver.calls.slice(-count).map((call) => call.id)).toEqual(
      expect.arrayContaining(ids),
    );
  });

  it('of whoever was erased hold no number', async () => {
    const { receiver } = await subscribe({ events: ['user.created'], pii: true });
    receiver.behave = () => (receiver.calls.length === 1 ? 500 : 200);
    const mobile = randomMobile();
    const { token } = await app.logIn(mobile);
    await until(() => receiver.calls.length === 1);
    await app.sql.query('DELETE FROM users WHERE id = ?', [userIdOf(token)]);
    passTime(8000);

    await until(() => receiver.calls.length === 2);

    expect(receiver.calls[1]!.body).not.toContain(mobile);
  });
});
