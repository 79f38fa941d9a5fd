import { randomInt } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { ApiException } from '../../src/common/errors';
import type { E164 } from '../../src/common/phone-number';
import { SmsBudgetService } from '../../src/sms/sms-budget.service';
import type { Charge } from '../../src/sms/sms-shares.service';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { SmsSpend } from '../../src/sms/sms-spend.entity';
import { passTime } from '../support/clock';
import { networksOf } from '../../src/common/networks';
import { randomMobile } from '../support/mobile';
import { scrape, valueOf } from '../support/prometheus';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { eventsOf } from '../support/told';

const CENT = 10_000;
const HOUR_MS = 3_600_000;

/**
 * Ten of the currency a day, of which 1.25 may be spent at once: 0.75 by strangers, 1.00 in networks of a number, too. Hong Kong
 * may take a tenth of that.
 */
const BUDGET = { SMS_BUDGET_DAILY: '10,CN:10,HK:1', SMS_BUDGET_RESERVE: '40', NETWORK_SHARE: '20' };

const newNetwork = () => `10.${randomInt(256)}.${16 * randomInt(16)}.0/24`;

const charge = (change: Partial<Charge> = {}): Charge => ({
  to: randomMobile() as E164,
  country: 'CN',
  audience: 'fresh',
  price: 5 * CENT,
  isBeyondShare: false,
  ...originOf(change.network ?? '127.0.0.0/24'),
  ...change,
});

const originOf = (network: string) => ({
  network,
  host: networksOf(network.replace(/\/.*/, '')).at(-1)!,
});

describe.each(MODES)('the SMS budget of a day (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { ...BUDGET, TRUST_PROXY: '1' } });
  });
  beforeEach(async () => {
    await app.sql.getRepository(SmsSpend).clear();
    await app.sql.getRepository(SmsFlow).clear();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const budget = () => app.nest.get(SmsBudgetService);
  const reserve = (change?: Partial<Charge>) => budget().reserve(charge(change));
  const outcomeOf = (change?: Partial<Charge>) =>
    reserve(change).then(
      () => 'spent',
      (error: ApiException) => error.limit ?? error.errorCode,
    );
  /** How many messages of the same kind go out one after the other. */
  const drain = async (change?: Partial<Charge>) => {
    let count = 0;
    while ((await outcomeOf(change)) === 'spent') count += 1;
    return count;
  };
  const spent = async (scope = '*') => {
    const row = await app.sql.getRepository(SmsSpend).findOneBy({ scope });
    return { total: (row?.total ?? 0) / CENT, fresh: (row?.fresh ?? 0) / CENT };
  };

  it('is never spent faster than it flows in, whatever comes at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        outcomeOf({ audience: index % 2 ? 'fresh' : 'device' }),
      ),
    );

    expect(outcomes.filter((outcome) => outcome === 'spent')).toHaveLength(25);
    expect(new Set(outcomes)).toEqual(new Set(['spent', 'SMS_BUDGET_SPENT']));
    expect(await spent()).toEqual({ total: 125, fresh: 75 });
  });

  it('refuses none of the first messages of a day, however many come at once', async () => {
    for (let day = 0; day < 10; day += 1) {
      await app.sql.getRepository(SmsSpend).clear();
      await app.sql.getRepository(SmsFlow).clear();

      const outcomes = await Promise.all(Array.from({ length: 15 }, () => outcomeOf()));

      expect(new Set(outcomes)).toEqual(new Set(['spent']));
    }
  });

  it('keeps a share for devices, and half of it for networks that a number was verified from', async () => {
    expect(await drain()).toBe(15);
    expect(await drain({ audience: 'home' })).toBe(5);
    expect(await drain({ audience: 'device' })).toBe(5);
    expect(await spent()).toEqual({ total: 125, fresh: 75 });
  });

  it('takes those whose number it is from the share of strangers first', async () => {
    expect(await drain({ audience: 'device' })).toBe(25);
    expect(await spent()).toEqual({ total: 125, fresh: 75 });
  });

  it('gives three messages of the reserve to one number', async () => {
    const to = randomMobile() as E164;
    await drain();

    expect(await drain({ to, audience: 'device' })).toBe(3);
    expect(await outcomeOf({ audience: 'device' })).toBe('spent');
    passTime(23 * HOUR_MS);
    await drain();
    expect(await drain({ to, audience: 'device' })).toBe(0);
    passTime(2 * HOUR_MS);
    await drain();
    expect(await drain({ to, audience: 'device' })).toBe(1);
  });

  it('leaves one of these to devices, whatever is asked for in networks of the number', async () => {
    const to = randomMobile() as E164;
    await drain();

    expect(await drain({ to, audience: 'home' })).toBe(2);
    expect(await drain({ to, audience: 'device' })).toBe(1);
  });

  it('has a part of its own for a country that is named, and takes nothing for what it refuses', async () => {
    const hongKong = { country: 'HK', price: CENT / 2 };

    expect(await drain(hongKong)).toBe(15);
    expect(await drain({ ...hongKong, audience: 'device' })).toBe(10);
    expect(await spent('HK')).toEqual({ total: 12.5, fresh: 7.5 });
    expect(await drain()).toBe(13);
  });

  it('lets half of the share of strangers flow in for a country that is not named', async () => {
    expect(await drain({ country: 'GB' })).toBe(15);
    passTime(3.5 * HOUR_MS);
    expect(await drain({ country: 'GB' })).toBe(7);
    expect(await outcomeOf({ country: 'GB', audience: 'device' })).toBe('spent');
    expect(await outcomeOf()).toBe('spent');
  });

  it('gets back what did not go out', async () => {
    for (let count = 0; count < 30; count++) await (await reserve()).refund();

    expect(await spent()).toEqual({ total: 0, fresh: 0 });
    expect(await drain()).toBe(15);
  });

  it('flows in all day, and no 24 hours cost more', async () => {
    let messages = await drain({ audience: 'device' });
    const afterAnHour: number[] = [];
    for (let hour = 1; hour < 24; hour++) {
      passTime(HOUR_MS);
      afterAnHour.push(await drain({ audience: 'device' }));
      messages += afterAnHour.at(-1)!;
    }

    expect(Math.min(...afterAnHour)).toBeGreaterThanOrEqual(7);
    expect(messages).toBeGreaterThan(190);
    expect(messages).toBeLessThanOrEqual(200);
  });

  it('sends a message that costs more than may be spent at once, but not one beyond it', async () => {
    expect(await outcomeOf({ price: 200 * CENT })).toBe('spent');
    expect(await outcomeOf({ price: CENT, audience: 'device' })).toBe('SMS_BUDGET_SPENT');
    passTime(24 * HOUR_MS);
    expect(await outcomeOf({ price: 1001 * CENT, audience: 'device' })).toBe('SMS_BUDGET_SPENT');
  });

  it('is reported once at 80 per cent, and once when nothing is left', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const before = await scrape(app);
    const today = { day: new Date().toISOString().slice(0, 10), scope: '*' };
    const counts = { total: 470 * CENT, fresh: 470 * CENT, totalAlert: 0, freshAlert: 0 };
    await app.sql.getRepository(SmsSpend).insert({ ...today, ...counts });

    const below = error.mock.calls.length;
    await Promise.all([reserve(), reserve(), reserve()]);
    await drain();
    await Promise.all([outcomeOf(), outcomeOf()]);
    const metrics = await scrape(app);

    expect(below).toBe(0);
    expect(error.mock.calls.map(([text]) => String(text))).toEqual([
      "SMS budget: 80 % of today's budget is spent by strangers",
      'SMS budget: all that may be spent now for CN is spent by strangers',
    ]);
    const events = (await eventsOf(app)).filter(({ type }) => type === 'sms.budget').slice(-2);
    expect(events.map(({ data }) => JSON.parse(data!))).toEqual([
      { day: expect.any(String), scope: '*', share: 'fresh', level: 80 },
      { day: expect.any(String), scope: 'CN', share: 'fresh', level: 100 },
    ]);
    const labels = { scope: '*', share: 'fresh' };
    const alerts = [metrics, before].map((samples) =>
      valueOf(samples, 'tandem_sms_budget_alerts_total', { ...labels, level: '80' }),
    );
    expect(alerts[0]! - alerts[1]!).toBe(1);
    expect(valueOf(metrics, 'tandem_sms_budget_used_ratio', labels)).toBeCloseTo(0.908);
  });

  it('that is spent refuses strangers with 503 until enough has flowed in', async () => {
    await drain();

    const answer = await app.post('/auth/codes', { mobile: randomMobile() });

    expectRefusal(answer, 'SMS_BUDGET_SPENT');
    const wait = Number(answer.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(60);
    passTime(wait * 1000);
    expect((await app.post('/auth/codes', { mobile: randomMobile() })).status).toBe(202);
  });

  describe('of which a network without history takes two per cent', () => {
    it('at most, half of it at once, and its host four times as much', async () => {
      const network = newNetwork();
      const neighbour = (index: number) =>
        network.replace('.0/24', '').replace(/\d+$/, (block) => `${Number(block) + index}.0/24`);

      expect(await drain({ network })).toBe(2);
      expect(await outcomeOf({ network })).toBe('network');
      for (const index of [1, 2, 3]) expect(await drain({ network: neighbour(index) })).toBe(2);
      expect(await drain({ network: neighbour(4) })).toBe(0);
      expect(await drain({ network: newNetwork() })).toBe(2);
    });

    it('and gets back what is used', async () => {
      const network = newNetwork();
      for (let count = 0; count < 10; count++) {
        const { takenFrom } = await reserve({ network });
        await budget().used(originOf(network), 5 * CENT, takenFrom);
      }

      expect(await drain({ network })).toBe(2);
    });

    it('while users there have the reserve', async () => {
      const network = newNetwork();
      await drain({ network });

      expect(await drain({ network, audience: 'home', to: randomMobile() as E164 })).toBe(2);
      expect(await outcomeOf({ network, audience: 'device' })).toBe('spent');
    });

    it('and one from which numbers were verified takes more', async () => {
      const network = newNetwork();
      const delivery = (index: number) => ({
        id: String(10_000 + index),
        challengeId: String(index).padStart(32, '0'),
        mobile: `+86138****${1000 + index}`,
        country: 'CN',
        provider: 'webhook' as const,
        outcome: 'sent' as const,
        price: 0,
        audience: 'fresh' as const,
        network,
        createdAt: new Date(),
        verifiedAt: new Date(),
      });
      await app.sql
        .getRepository(SmsDelivery)
        .insert(Array.from({ length: 100 }, (_, index) => delivery(index)));

      expect(await drain({ network })).toBe(10);
    });
  });
});

describe('NETWORK_SHARE=1,10.9.0.0/16=100', () => {
  let app: TestApp;

  beforeAll(async () => {
    const NETWORK_SHARE = '1,10.9.0.0/16=100';
    app = await TestApp.start({ env: { ...BUDGET, NETWORK_SHARE, TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  const outcomesFrom = async (address: string) => {
    const headers = { 'x-forwarded-for': address };
    const outcomes: number[] = [];
    for (let count = 0; count < 3; count++) {
      const answer = await app.post('/auth/codes', { mobile: randomMobile() }, { headers });
      outcomes.push(answer.status);
    }
    return outcomes;
  };

  it('limits networks, but not those that are named', async () => {
    expect(await outcomesFrom('10.8.0.1')).toEqual([202, 429, 429]);
    expect(await outcomesFrom('10.9.0.1')).toEqual([202, 202, 202]);
  });
});
