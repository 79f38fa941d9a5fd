import { IsNull, Not } from 'typeorm';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { SmsSpend } from '../../src/sms/sms-spend.entity';
import { solve } from '../support/altcha';
import { passTime } from '../support/clock';
import { crowd, postCheaply } from '../support/crowd';
import { numbersOfBlock, randomMobile } from '../support/mobile';
import { AT_FULL_SCALE } from '../support/scale';
import { report } from '../support/simulation';
import { LAST_MODE } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const DEFAULTS = { NETWORK_SHARE: '20', SMS_BUDGET_DAILY: '100' };
const MINUTE_MS = 60_000;
const MILLIONTHS = 1_000_000;
/** What holds attacks up besides the money. */
const NO_LIMITS = [
  'code-cooldown=9999/1m',
  'codes-per-number=9999/1d',
  'codes-per-number-and-network=9999/1d',
  'codes-to-owner=9999/1d',
  'codes-per-address=9999/1h',
  'fresh-codes-per-prefix=9999/1h',
].join(',');

const served = (statuses: unknown[]) => statuses.filter((status) => status === 201).length;

interface Phone {
  mobile: string;
  address: string;
  device?: string;
}

describe.each(LAST_MODE)('attacks on the SMS budget (%s)', (mode) => {
  let app: TestApp;

  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const start = async (env: Record<string, string>) => {
    app = await TestApp.start({
      mode,
      env: { ...DEFAULTS, TRUST_PROXY: '1', LIMITS: NO_LIMITS, ...env },
    });
  };
  const post = (path: string, address: string, body: object) =>
    postCheaply(app.baseUrl + path, body, { 'x-forwarded-for': address });
  const ask = ({ mobile, address, device }: Phone) =>
    post('/auth/codes', address, { mobile, device_token: device });
  const logIn = async (phone: Phone) => {
    const asked = await ask(phone);
    if (asked.status !== 202) return asked.body.errorCode;
    const { mobile, address } = phone;
    const answer = await post('/auth/tokens', address, { mobile, code: app.inbox.codeFor(mobile) });
    phone.device = answer.body.device_token;
    return answer.status;
  };
  const spentOfDay = async () => {
    const row = await app.sql.getRepository(SmsSpend).findOneBy({ scope: '*' });
    return (row?.total ?? 0) / MILLIONTHS;
  };

  it('rule 21: a network that uses its own codes again and again takes 3 % of a day at most, and new users get theirs', async () => {
    await start({ KNOWN_AFTER: '3d' });
    const phones: Phone[] = Array.from({ length: 11 }, () => ({
      mobile: randomMobile(),
      address: '203.0.113.7',
    }));
    const rounds = AT_FULL_SCALE ? 21 : 8;

    const attack = await crowd(phones.length, async (index) => {
      const outcomes: number[] = [];
      for (let round = 0; round < rounds; round++) outcomes.push(await logIn(phones[index]!));
      return outcomes;
    });
    const spent = await spentOfDay();
    const users = await crowd(40, (user) =>
      logIn({ mobile: randomMobile(), address: `100.70.${user}.1` }),
    );

    report({
      row: '2a',
      attack: 'one network uses the codes of 11 own numbers again and again',
      honest: [served(users), 40],
      messages: Math.round(spent / 0.05),
      gain: `${spent.toFixed(2)} of the day's 100`,
    });
    expect(attack.flat()).toContain('TOO_MANY_REQUESTS');
    expect(spent).toBeGreaterThanOrEqual(1);
    expect(spent).toBeLessThanOrEqual(3);
    expect(users).toEqual(Array(40).fill(201));
  });

  it('rule 21: strangers who ask for the numbers of users leave the reserve to them', async () => {
    await start({});
    const phones: Phone[] = Array.from({ length: 40 }, (_, user) => ({
      mobile: randomMobile(),
      address: `100.70.${user}.1`,
    }));
    await crowd(phones.length, (user) => logIn(phones[user]!));
    await app.sql.getRepository(SmsFlow).clear();
    await app.sql.getRepository(SmsSpend).clear();
    const strangers = ['203.0.113.7', '198.51.100.7', '192.0.2.7'];

    const attack = await crowd(3 * phones.length, (index) =>
      ask({ mobile: phones[index % phones.length]!.mobile, address: strangers[index % 3]! }),
    );
    const spent = await spentOfDay();
    const users = await crowd(phones.length, (user) => {
      const { mobile, address, device } = phones[user]!;
      return logIn(
        user % 2 ? { mobile, address: `100.80.${user}.1`, device } : { mobile, address },
      );
    });

    report({
      row: '2b',
      attack: 'strangers in 3 networks ask for the numbers of 40 users',
      honest: [served(users), 40],
      messages: Math.round(spent / 0.05),
      gain: `${spent.toFixed(2)} of the day's 100, the reserve untouched`,
    });
    expect(attack.filter(({ status }) => status === 429)).toHaveLength(60);
    expect(spent).toBeLessThanOrEqual(3);
    expect(users).toEqual(Array(40).fill(201));
  });

  it('rule 21: a network whose codes nobody uses leaves the country to others', async () => {
    await start({});
    const requests = AT_FULL_SCALE ? 300 : 60;

    const attack = await crowd(requests, (index) =>
      ask({ mobile: randomMobile(), address: `2001:db8:7:${(index % 20).toString(16)}::1` }),
    );
    passTime(15 * MINUTE_MS);
    const users = await crowd(40, (user) =>
      logIn({ mobile: randomMobile(), address: `100.70.${user}.1` }),
    );

    report({
      row: '3',
      attack: `${requests} fresh numbers of a country from 20 /64s of one /56`,
      honest: [served(users), 40],
      messages: attack.filter(({ status }) => status === 202).length,
      gain: 'the country stays open',
    });
    expect(attack.filter(({ status }) => status === 202)).toHaveLength(20);
    expect(users).toEqual(Array(40).fill(201));
  });

  it('rule 21: a prefix whose codes nobody uses is closed to networks that brought nobody, and open to others after a captcha', async () => {
    await start({ CAPTCHA: 'altcha', SMS_BUDGET_DAILY: '10000' });
    const block = numbersOfBlock();
    const [resident, ...neighbours] = Array.from({ length: 31 }, () => block.next().value);
    const phone = { mobile: resident!, address: '100.70.1.1' };
    await logIn(phone);
    const deliveries = app.sql.getRepository(SmsDelivery);
    await until(async () => (await deliveries.countBy({ verifiedAt: Not(IsNull()) })) > 0);
    await crowd(30, (index) => ask({ mobile: neighbours[index]!, address: `20.${index}.7.1` }));
    passTime(15 * MINUTE_MS);

    const askSolved = async (address: string) => {
      const mobile = block.next().value;
      const captcha = solve((await post('/auth/captcha', address, { mobile })).body);
      return post('/auth/codes', address, { mobile, captcha });
    };
    const strangers = await crowd(10, (index) => askSolved(`21.${index}.7.1`));
    const residents = await crowd(3, (index) => askSolved(`100.70.1.${2 + index}`));
    const unsolved = await ask({ mobile: block.next().value, address: '22.1.7.1' });

    expect(strangers.filter(({ status }) => status === 503).length).toBeGreaterThan(6);
    expect(residents.map(({ status }) => status)).toEqual(Array(3).fill(202));
    expect(await logIn(phone)).toBe(201);
    expect(unsolved.status).toBe(428);
  });
});
