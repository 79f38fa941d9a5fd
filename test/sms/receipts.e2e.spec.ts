import * as fc from 'fast-check';
import { HttpRecorder } from '../support/http-recorder';
import { lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { scrape, valueOf } from '../support/prometheus';
import { recordStatements, type Statement } from '../support/query-plans';
import {
  aliyunReceipt,
  find,
  insertDelivery,
  RECEIPT_ENV,
  RECEIPTS_SECRET,
  tencentReceipt,
  twilioReceipt,
  TWILIO_URL,
  webhookReceipt,
} from '../support/receipts';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';

const HOUR = 3_600_000;
const china = (time: number) =>
  new Date(time + 8 * HOUR).toISOString().slice(0, 19).replace('T', ' ');

const someReceipt = () => ({ id: 'msg_1', biz_id: 'msg_1', sid: 'msg_1', status: 'delivered' });
const someForm = () => ({ MessageSid: 'SM1', MessageStatus: 'delivered' });

describe.each(MODES)('delivery receipts (%s)', (mode) => {
  let twilio: HttpRecorder;
  let app: TestApp;

  beforeAll(async () => {
    twilio = await HttpRecorder.start();
    twilio.answer({ status: 201, body: { sid: 'SM00000000000000000000000000000001' } });
    const SMS_ROUTES = 'CN:webhook,twilio,HK:twilio,webhook';
    const LIMITS = 'code-cooldown=99/1h,codes-per-address=999/1h,codes-per-number=99/1h';
    const env = { ...RECEIPT_ENV, TWILIO_ENDPOINT: twilio.url, SMS_ROUTES, LIMITS };
    app = await TestApp.start({ mode, env });
  });
  afterAll(async () => {
    await app.close();
    await twilio.close();
  });

  const deliveriesTo = async (mobile: string) =>
    (await app.sql.getRepository(SmsDelivery).find({ order: { id: 'ASC' } })).filter(
      (one) =>
        one.mobile.slice(-2) === mobile.slice(-2) && one.createdAt > new Date(Date.now() - 30_000),
    );

  it('of Twilio are asked for with each message, and update its row', async () => {
    await app.post('/auth/codes', { mobile: '+85261234561' });
    const [sent] = await deliveriesTo('+85261234561');

    const form = new URLSearchParams(twilio.requests.at(-1)!.body);
    const { status, body } = await twilioReceipt(app, {
      AccountSid: RECEIPT_ENV.TWILIO_ACCOUNT_SID,
      MessageSid: 'SM00000000000000000000000000000001',
      MessageStatus: 'undelivered',
      ErrorCode: '30003',
    });

    expect(form.get('StatusCallback')).toBe(TWILIO_URL);
    expect([status, body]).toEqual([204, '']);
    expect(await find(app, sent!.id)).toMatchObject({
      receipt: 'failed',
      receiptCode: '30003',
      deliveredAt: null,
    });
  });

  it('of the webhook are signed as its messages are, and counted', async () => {
    const before = await scrape(app);
    const { id, providerMessageId, createdAt } = await insertDelivery(app, {});
    const at = new Date(createdAt.getTime() + 7000);

    const { status } = await webhookReceipt(app, {
      id: providerMessageId,
      status: 'delivered',
      at,
    });

    const after = await scrape(app);
    const more = (name: string, labels: Record<string, string>) =>
      valueOf(after, name, labels) - valueOf(before, name, labels);
    expect(status).toBe(204);
    expect(await find(app, id)).toMatchObject({ receipt: 'delivered', deliveredAt: at });
    const labels = { provider: 'webhook', country: 'CN', status: 'delivered' };
    expect(more('tandem_sms_receipts_total', labels)).toBe(1);
    expect(more('tandem_sms_delivery_seconds_sum', { provider: 'webhook' })).toBe(7);
  });

  it.each([
    [
      'aliyun' as const,
      { code: 0, msg: 'OK' },
      (id: string, time: number) =>
        aliyunReceipt(app, {
          phone_number: '13800000001',
          biz_id: id,
          success: true,
          err_code: 'DELIVERED',
          report_time: china(time),
        }),
    ],
    [
      'tencent' as const,
      { result: 0, errmsg: 'OK' },
      (id: string, time: number) =>
        tencentReceipt(app, {
          mobile: '13800000001',
          sid: id,
          report_status: 'SUCCESS',
          errmsg: 'DELIVRD',
          user_receive_time: china(time),
        }),
    ],
  ])('of %s come by a secret path, and are acknowledged in its way', async (provider, ok, send) => {
    const { id, createdAt } = await insertDelivery(app, {
      provider,
      providerMessageId: `${provider}^1`,
    });
    const at = Math.floor(createdAt.getTime() / 1000) * 1000 + 5000;

    const known = await send(`${provider}^1`, at);
    const unknown = await send(`${provider}^2`, at);

    expect([known.status, known.body]).toEqual([200, ok]);
    expect([unknown.status, unknown.body]).toEqual([200, ok]);
    expect(await find(app, id)).toMatchObject({ receipt: 'delivered', deliveredAt: new Date(at) });
  });

  it('come in any order, and more than once: delivered stands', async () => {
    const receipt = fc.constantFrom('delivered', 'failed');
    await fc.assert(
      fc.asyncProperty(fc.array(receipt, { minLength: 1, maxLength: 5 }), async (states) => {
        const { id, providerMessageId, createdAt } = await insertDelivery(app, {});
        const at = new Date(createdAt.getTime() + 1000);
        for (const status of states)
          await webhookReceipt(app, { id: providerMessageId, status, at });

        const isDelivered = states.includes('delivered');
        expect(await find(app, id)).toMatchObject({
          receipt: isDelivered ? 'delivered' : 'failed',
          deliveredAt: isDelivered ? at : null,
        });
      }),
      { numRuns: 12 },
    );
  });

  it('of messages that are not on record write nothing, and are answered alike', async () => {
    const statements = new Map<string, Statement>();
    const stop = recordStatements(app.sql, statements);

    const { status } = await webhookReceipt(app, { id: 'msg_unknown', status: 'failed' });
    stop();

    expect(status).toBe(204);
    expect([...statements.keys()].filter((text) => !/^SELECT/i.test(text))).toEqual([]);
  });

  it('may be faster than the record of what was sent', async () => {
    await webhookReceipt(app, { id: 'msg_early', status: 'delivered' });
    const { id } = await insertDelivery(app, { providerMessageId: 'msg_early' });

    await until(async () => (await find(app, id)).receipt === 'delivered');
  });

  it.each<[string, () => Promise<{ status: number; body: unknown }>]>([
    [
      'webhook, another secret',
      () => webhookReceipt(app, someReceipt(), { secret: 'another one' }),
    ],
    [
      'webhook, an old one',
      () => webhookReceipt(app, someReceipt(), { at: new Date(Date.now() - HOUR) }),
    ],
    [
      'webhook, from the future',
      () => webhookReceipt(app, someReceipt(), { at: new Date(Date.now() + HOUR) }),
    ],
    ['webhook, unsigned', () => app.post('/sms/receipts/webhook', someReceipt())],
    [
      'webhook, under the secret',
      () => app.post(`/sms/receipts/webhook/${RECEIPTS_SECRET}`, someReceipt()),
    ],
    ['twilio, another token', () => twilioReceipt(app, someForm(), { token: 'another one' })],
    [
      'twilio, for another address',
      () => twilioReceipt(app, someForm(), { url: `${TWILIO_URL}/` }),
    ],
    ['twilio, unsigned', () => app.post('/sms/receipts/twilio', 'MessageSid=SM1')],
    ['aliyun, without the secret', () => app.post('/sms/receipts/aliyun', [someReceipt()])],
    ['aliyun, a wrong one', () => aliyunReceipt(app, someReceipt(), RECEIPTS_SECRET.toLowerCase())],
    [
      'tencent, a part of it',
      () => tencentReceipt(app, someReceipt(), RECEIPTS_SECRET.slice(0, -1)),
    ],
    ['sns, which sends none', () => app.post('/sms/receipts/sns', someReceipt())],
    ['no provider', () => app.post('/sms/receipts/__proto__', someReceipt())],
  ])('are told from those of others: %s', async (name, send) => {
    const known = /^(twilio|aliyun|tencent)?/.exec(name)![0] as SmsDelivery['provider'];
    const provider = known || 'webhook';
    const providerMessageId = provider === 'twilio' ? 'SM1' : 'msg_1';
    const { id } = await insertDelivery(app, { provider, providerMessageId });

    expectRefusal(await send(), 'NOT_FOUND');

    expect((await find(app, id)).receipt).toBeNull();
  });

  it.each(['{"id":', '[]', '"text"', 'null', '', '{"id":{"$gt":""},"status":"delivered"}'])(
    'that are none of the provider, though signed, are refused or ignored: %s',
    async (body) => {
      const { status } = await webhookReceipt(app, body);

      expect([204, 400]).toContain(status);
    },
  );

  it('of 64 KiB are refused', async () => {
    expectRefusal(await webhookReceipt(app, { id: 'x'.repeat(65_536) }), 'PAYLOAD_TOO_LARGE');
  });

  it('that failed make another provider the first choice of that number alone, and give nothing back', async () => {
    const [mobile, other] = ['+8613800138017', '+8613800138028'];
    const { attempts } = app.inbox;
    const flows = () => app.sql.getRepository(SmsFlow).find({ order: { scope: 'ASC' } });
    await app.post('/auth/codes', { mobile });
    const [{ providerMessageId }] = (await deliveriesTo(mobile)) as [SmsDelivery];
    const spent = await flows();

    await webhookReceipt(app, { id: providerMessageId, status: 'failed', code: 'UNDELIV' });
    const unchanged = await flows();
    twilio.requests.length = 0;
    await lapseCooldown(app, mobile);
    const again = await app.post('/auth/codes', { mobile });
    await app.post('/auth/codes', { mobile: other });

    expect(unchanged).toEqual(spent);
    expect(again.status).toBe(202);
    expect(twilio.requests).toHaveLength(1);
    expect(app.inbox.attempts - attempts).toBe(2);
  });
});

describe('receipts that nobody signs', () => {
  let app: TestApp;

  beforeAll(async () => {
    const SMS_RECEIPTS_NETWORKS = '198.51.100.0/24';
    const env = { ...RECEIPT_ENV, SMS_RECEIPTS_NETWORKS, TRUST_PROXY: '127.0.0.1' };
    app = await TestApp.start({ env });
  });
  afterAll(() => app.close());

  it.each([
    ['198.51.100.7', 200],
    ['::ffff:198.51.100.7', 200],
    ['198.51.101.7', 404],
  ])('come from the networks of the configuration only: %s, %i', async (address, expected) => {
    const { status } = await app.post(`/sms/receipts/aliyun/${RECEIPTS_SECRET}`, [], {
      headers: { 'x-forwarded-for': address },
    });

    expect(status).toBe(expected);
  });
});

it('are none while nothing is configured', async () => {
  const app = await TestApp.start();

  expectRefusal(await webhookReceipt(app, { id: randomMobile(), status: 'failed' }), 'NOT_FOUND');
  expectRefusal(await app.post('/sms/receipts/aliyun/undefined', []), 'NOT_FOUND');

  await app.close();
});
