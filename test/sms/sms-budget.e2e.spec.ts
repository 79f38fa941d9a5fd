import { Logger } from '@nestjs/common';
import { type Charge, SmsBudgetService } from '../../src/sms/sms-budget.service';
import { SmsSpend } from '../../src/sms/sms-spend.entity';
import { ApiException } from '../../src/common/errors';
import { expectRefusal } from '../support/refusal';
import { randomMobile } from '../support/mobile';
import { scrape, valueOf } from '../support/prometheus';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const CENT = 10_000;

/** Ten of the currency a day, of which six are for fresh numbers, and one for Hong Kong. */
const BUDGET = { SMS_BUDGET_DAILY: '10,HK:1', SMS_BUDGET_RESERVE: '40' };

const charge = (cents: number, change: Partial<Charge> = {}): Charge => ({
  country: 'CN',
  audience: 'fresh',
  price: cents * CENT,
  ...change,
});

const outcomeOf = (reservation: Promise<unknown>) =>
  reservation.then(
    () => 'spent',
    (error: ApiException) => error.errorCode,
  );

describe.each(MODES)('the SMS budget of a day (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: BUDGET });
  });
  beforeEach(() => app.sql.getRepository(SmsSpend).clear());
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const reserve = (...charged: Parameters<typeof charge>) =>
    app.nest.get(SmsBudgetService).reserve(charge(...charged));
  const spent = async (scope = '*') => {
    const row = await app.sql.getRepository(SmsSpend).findOneBy({ scope });
    return { total: (row?.total ?? 0) / CENT, fresh: (row?.fresh ?? 0) / CENT };
  };

  it('is never overspent, whatever comes at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        outcomeOf(reserve(35, { audience: index % 2 ? 'fresh' : 'known' })),
      ),
    );

    expect(outcomes.filter((outcome) => outcome === 'spent')).toHaveLength(28);
    expect(new Set(outcomes)).toEqual(new Set(['spent', 'SMS_BUDGET_SPENT']));
    expect((await spent()).total).toBe(980);
    expect((await spent()).fresh).toBeLessThanOrEqual(600);
  });

  it('keeps a share for numbers that were verified lately', async () => {
    await reserve(600);

    expect(await outcomeOf(reserve(1))).toBe('SMS_BUDGET_SPENT');
    expect(await outcomeOf(reserve(400, { audience: 'known' }))).toBe('spent');
    expect(await outcomeOf(reserve(1, { audience: 'known' }))).toBe('SMS_BUDGET_SPENT');
    expect(await spent()).toEqual({ total: 1000, fresh: 600 });
  });

  it('has a part of its own for a country that is named, and takes nothing for what it refuses', async () => {
    const country = 'HK';
    await reserve(60, { country });

    expect(await outcomeOf(reserve(1, { country }))).toBe('SMS_BUDGET_SPENT');
    expect(await outcomeOf(reserve(40, { country, audience: 'known' }))).toBe('spent');
    expect(await outcomeOf(reserve(1))).toBe('spent');
    expect(await spent('HK')).toEqual({ total: 100, fresh: 60 });
    expect(await spent()).toEqual({ total: 101, fresh: 61 });
  });

  it('gets back what did not go out', async () => {
    const refund = await reserve(600);
    await refund();

    expect(await spent()).toEqual({ total: 0, fresh: 0 });
    expect(await outcomeOf(reserve(600))).toBe('spent');
  });

  it('begins anew every day', async () => {
    await reserve(600);
    await app.sql.getRepository(SmsSpend).update({ scope: '*' }, { day: '2020-01-01' });

    expect(await outcomeOf(reserve(600))).toBe('spent');
  });

  it('is reported once at 80 and once at 100 per cent', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const before = await scrape(app);

    await reserve(470);
    const below = error.mock.calls.length;
    await Promise.all([reserve(20), reserve(20), reserve(20)]);
    await Promise.all([outcomeOf(reserve(100)), outcomeOf(reserve(100))]);
    const metrics = await scrape(app);

    expect(below).toBe(0);
    expect(error.mock.calls.map(([text]) => String(text))).toEqual([
      "SMS budget: 80 % of today's budget is spent for numbers that were not verified lately",
      "SMS budget: 100 % of today's budget is spent for numbers that were not verified lately",
    ]);
    const labels = { scope: '*', share: 'fresh' };
    const alerts = (level: string) => {
      const counts = [metrics, before].map((samples) =>
        valueOf(samples, 'tandem_sms_budget_alerts_total', { ...labels, level }),
      );
      return counts[0]! - counts[1]!;
    };
    expect([alerts('80'), alerts('100')]).toEqual([1, 1]);
    expect(valueOf(metrics, 'tandem_sms_budget_used_ratio', labels)).toBeCloseTo(0.88);
  });

  it('that is spent refuses fresh numbers with 503 until midnight UTC', async () => {
    await reserve(600);

    const answer = await app.post('/auth/codes', { mobile: randomMobile() });

    expectRefusal(answer, 'SMS_BUDGET_SPENT');
    expect(answer.body.message).toBe('No more codes can be sent today.');
    const wait = Number(answer.headers.get('retry-after'));
    expect((Math.floor(Date.now() / 1000) + wait) % 86_400).toBeLessThanOrEqual(2);
  });
});
