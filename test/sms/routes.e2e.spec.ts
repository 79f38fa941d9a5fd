import { SmsRoutesService } from '../../src/sms/sms-routes.service';
import { HttpRecorder } from '../support/http-recorder';
import { randomMobile } from '../support/mobile';
import { newOperator } from '../support/operators';
import { insertDeliveries, RECEIPT_ENV } from '../support/receipts';
import { TestApp } from '../support/test-app';

const HALF_AN_HOUR = 30 * 60_000;

describe('the order of providers', () => {
  let twilio: HttpRecorder;
  let app: TestApp;

  beforeAll(async () => {
    twilio = await HttpRecorder.start();
    twilio.answer({ status: 201, body: { sid: 'SM00000000000000000000000000000001' } });
    const env = { ...RECEIPT_ENV, TWILIO_ENDPOINT: twilio.url, SMS_ROUTES: 'CN:webhook,twilio' };
    app = await TestApp.start({ env });
  });
  afterAll(async () => {
    await app.close();
    await twilio.close();
  });

  it('begins with whose codes are used more, and operators see why, and who is left alone', async () => {
    const viewer = await newOperator(app, 'viewer');
    const routes = async () => (await app.get('/admin/sms/routes', viewer)).body;
    const known = Array.from({ length: 20 }, (_, index) => ({
      audience: 'home' as const,
      network: `203.0.${index}.0/24`,
      createdAt: new Date(Date.now() - HALF_AN_HOUR),
    }));
    const used = known.map((one) => ({
      ...one,
      provider: 'twilio' as const,
      verifiedAt: new Date(),
    }));
    const before = await routes();
    await insertDeliveries(app, [...known, ...used]);
    await app.nest.get(SmsRoutesService).rank();
    await app.post('/auth/codes', { mobile: randomMobile() });
    const sent = twilio.requests.length;
    // It takes nothing of us.
    twilio.answer({ status: 401, body: { code: 20_003 } });
    await app.post('/auth/codes', { mobile: randomMobile() });

    expect(before).toEqual([
      expect.objectContaining({ country: 'CN', because: 'configured' }),
      expect.objectContaining({ country: '*', steps: [expect.objectContaining({ used: null })] }),
    ]);
    expect(sent).toBe(1);
    expect((await routes())[0]).toEqual({
      country: 'CN',
      because: 'codes_used',
      configured: ['webhook', 'twilio'],
      steps: [
        { provider: 'twilio', price: 0.06, used: 1, open_since: expect.any(String), throttled: 0 },
        { provider: 'webhook', price: 0.05, used: 0, open_since: null, throttled: 0 },
      ],
    });
  });
});
