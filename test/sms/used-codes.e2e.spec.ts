import type { E164 } from '../../src/common/phone-number';
import { NetworkHistoryService } from '../../src/sms/network-history.service';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { UsedCodesService } from '../../src/sms/used-codes.service';
import { passTime } from '../support/clock';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const ENV = {
  NETWORK_SHARE: '20',
  SMS_BUDGET_DAILY: '100',
  TRUST_PROXY: '1',
  LIMITS: 'code-cooldown=99/1m',
};
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OWNER = '203.0.113.7';
const STRANGER = '198.51.100.7';
const [OWNERS, STRANGERS] = ['203.0.113.0/24', '198.51.100.0/24'];
const HOST = '203.0.112.0/20';

describe.each(MODES)('what the use of a code brings its network (%s)', (mode) => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({ mode, env: ENV });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const post = (path: string, address: string, body: object) =>
    app.post(path, body, { headers: { 'x-forwarded-for': address } });
  const ask = (mobile: string, address: string) => post('/auth/codes', address, { mobile });
  const enter = async (mobile: string, address: string) => {
    const code = app.inbox.codeFor(mobile);
    expect((await post('/auth/tokens', address, { mobile, code })).status).toBe(201);
    await app.nest.get(UsedCodesService).flush();
  };
  /** Of its share, when it is full again. */
  const fullAt = async (scope: string) =>
    (await app.sql.getRepository(SmsFlow).findOneByOrFail({ scope })).total;
  /** For longer than the test takes. */
  const spendAll = (scope: string, share: 'fresh' | 'total') =>
    app.sql.getRepository(SmsFlow).update({ scope }, { [share]: (Date.now() + 3 * DAY_MS) * 1000 });
  const broughtBy = (network: string) =>
    app.nest.get(NetworkHistoryService).hasBroughtUsers(network);

  it('rule 21: is for the network that logs in, not for a stranger who asked for the same code', async () => {
    const mobile = randomMobile();
    await ask(mobile, STRANGER);
    await ask(mobile, OWNER);
    const [ofStranger, ofOwner] = [await fullAt(STRANGERS), await fullAt(OWNERS)];

    await enter(mobile, OWNER);

    expect(await Promise.all([STRANGERS, OWNERS].map(broughtBy))).toEqual([false, true]);
    expect(await fullAt(STRANGERS)).toBe(ofStranger);
    expect(await fullAt(OWNERS)).toBeLessThan(ofOwner);
  });

  it('is for where it was asked for, when its user logs in from somewhere else', async () => {
    const mobile = randomMobile();
    await ask(mobile, OWNER);

    await enter(mobile, '192.0.2.7');

    expect(await broughtBy(OWNERS)).toBe(true);
  });

  it('rule 21: is for nobody, when a stranger asked as well and its user logs in from somewhere else', async () => {
    const mobile = randomMobile();
    await ask(mobile, OWNER);
    await ask(mobile, STRANGER);
    const [ofStranger, ofOwner] = [await fullAt(STRANGERS), await fullAt(OWNERS)];

    await enter(mobile, '192.0.2.7');

    expect(await Promise.all([STRANGERS, OWNERS].map(broughtBy))).toEqual([false, false]);
    expect(await fullAt(STRANGERS)).toBe(ofStranger);
    expect(await fullAt(OWNERS)).toBe(ofOwner);
  });

  it('rule 21: is its part of the share once a number and day, whatever a process remembers', async () => {
    const mobile = randomMobile();
    await ask(mobile, OWNER);
    await enter(mobile, OWNER);
    app.nest.get(UsedCodesService)['verifiedOn'].clear();
    await ask(mobile, OWNER);
    const before = await fullAt(OWNERS);

    await enter(mobile, OWNER);

    expect(await fullAt(OWNERS)).toBe(before);
  });

  it.each([
    ['to the process that saw the last one', false],
    ['to another one', true],
  ])(
    'is its part of the share again on the next day (UTC), 23 hours later: %s',
    async (_, isOther) => {
      const mobile = randomMobile();
      passTime(DAY_MS - (Date.now() % DAY_MS) + 9 * HOUR_MS);
      await ask(mobile, OWNER);
      await enter(mobile, OWNER);
      passTime(23 * HOUR_MS);
      if (isOther) app.nest.get(UsedCodesService)['verifiedOn'].clear();
      expect(app.nest.get(UsedCodesService).wasUsedToday(mobile as E164)).toBe(false);
      await ask(mobile, OWNER);
      const before = await fullAt(OWNERS);

      await enter(mobile, OWNER);

      expect(await fullAt(OWNERS)).toBeLessThan(before);
      expect(app.nest.get(UsedCodesService).wasUsedToday(mobile as E164)).toBe(true);
    },
  );

  it('is nothing twice a day where its code was asked for on the day before', async () => {
    const mobile = randomMobile();
    passTime(DAY_MS - (Date.now() % DAY_MS) + DAY_MS - 60_000);
    await ask(mobile, OWNER);
    passTime(2 * 60_000);
    await enter(mobile, OWNER);
    app.nest.get(UsedCodesService)['verifiedOn'].clear();
    await ask(mobile, OWNER);
    const before = await fullAt(OWNERS);

    await enter(mobile, OWNER);

    expect(await fullAt(OWNERS)).toBe(before);
  });

  it('rule 21: is nothing of a share that had nothing left for its message, in a network of many people', async () => {
    await app.sql.getRepository(SmsDelivery).insert(usedBy(60));
    await ask(randomMobile(), OWNER);
    await spendAll(OWNERS, 'total');
    const [ofNetwork, ofHost] = [await fullAt(OWNERS), await fullAt(HOST)];
    const mobile = randomMobile();
    expect((await ask(mobile, OWNER)).status).toBe(202);
    expect(await fullAt(OWNERS)).toBe(ofNetwork);
    expect(await fullAt(HOST)).toBeGreaterThan(ofHost);

    await enter(mobile, OWNER);

    expect(await fullAt(OWNERS)).toBe(ofNetwork);
    expect(await fullAt(HOST)).toBe(ofHost);
  });

  it('rule 21: is nothing where its message was paid from the reserve', async () => {
    const mobile = randomMobile();
    await ask(mobile, OWNER);
    await enter(mobile, OWNER);
    passTime(DAY_MS);
    await ask(randomMobile(), OWNER);
    await spendAll('*', 'fresh');
    expect((await ask(randomMobile(), OWNER)).status).toBe(503);
    const before = await fullAt(OWNERS);
    expect((await ask(mobile, OWNER)).status).toBe(202);

    await enter(mobile, OWNER);

    expect(await fullAt(OWNERS)).toBe(before);
  });
});

/** Messages to numbers that were verified from the network of the owner. */
const usedBy = (numbers: number) =>
  Array.from({ length: numbers }, (_, index) => ({
    id: `${1000 + index}`,
    challengeId: `earlier ${index}`,
    mobile: `+86137****${1000 + index}`,
    country: 'CN',
    provider: 'webhook' as const,
    outcome: 'sent' as const,
    price: 50_000,
    audience: 'fresh' as const,
    network: OWNERS,
    host: HOST,
    createdAt: new Date(),
    verifiedAt: new Date(),
  }));
