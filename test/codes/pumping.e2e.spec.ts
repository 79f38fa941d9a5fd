import { randomUUID } from 'node:crypto';
import { GrantsService } from '../../src/auth/grants.service';
import type { E164 } from '../../src/common/phone-number';
import { SmsSpend } from '../../src/sms/sms-spend.entity';
import { crowd, postCheaply } from '../support/crowd';
import { AT_FULL_SCALE } from '../support/scale';
import { LAST_MODE } from '../support/stores';
import { TestApp } from '../support/test-app';

const KNOWN = 50;
/** What a message by webhook costs, in millionths. */
const PRICE = 50_000;

/** Fresh numbers of one prefix, and the addresses that ask for their codes. */
const ATTACK = AT_FULL_SCALE ? { numbers: 5000, addresses: 1000 } : { numbers: 200, addresses: 40 };
const HUGE = '9999999/1h';

describe.each(LAST_MODE)('pumping fresh numbers of one prefix (%s)', (mode) => {
  let app: TestApp;

  afterEach(() => app.close());

  const start = async (env: Record<string, string>) => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', ...env } });
    await crowd(KNOWN, (user) => registerUser(app, mobileOf(ATTACK.numbers + user)));
  };
  const post = (path: string, index: number, address: number, body: object = {}) =>
    postCheaply(
      app.baseUrl + path,
      { mobile: mobileOf(index), ...body },
      // In networks that have nothing in common.
      { 'x-forwarded-for': `${20 + (address % 150)}.7.${address >> 8}.${address & 255}` },
    );

  const pump = async () => {
    const { numbers, addresses } = ATTACK;
    const answers = await crowd(numbers, (index) => post('/auth/codes', index, index % addresses));
    const refusals = answers.filter(({ status }) => status !== 202);
    const kinds = new Set(refusals.map(({ status, body }) => `${status} ${body.errorCode}`));
    return { messages: app.inbox.messages.length, refused: refusals.length, kinds: [...kinds] };
  };

  /** Users of the attacked prefix, who were verified lately. */
  const logInKnownUsers = () =>
    crowd(KNOWN, async (user) => {
      const index = ATTACK.numbers + user;
      const asked = await post('/auth/codes', index, index);
      if (asked.status !== 202) return asked.status;
      const code = app.inbox.codeFor(mobileOf(index));
      return (await post('/auth/tokens', index, index, { code })).status;
    });

  /** What the provider charges, and what the budget has counted. */
  const bill = async () => {
    const counted = await app.sql.getRepository(SmsSpend).findOneByOrFail({ scope: '*' });
    return { charged: app.inbox.messages.length * PRICE, counted };
  };

  it('gets 20 messages before a captcha is asked for, and 50 known users log in', async () => {
    await start({ CAPTCHA: 'altcha' });

    const outcome = await pump();
    const logins = await logInKnownUsers();

    const { charged, counted } = await bill();
    expect(outcome).toEqual({
      messages: 20,
      refused: ATTACK.numbers - 20,
      kinds: ['428 CAPTCHA_REQUIRED'],
    });
    expect(logins).toEqual(Array(KNOWN).fill(201));
    expect(charged).toBe((20 + KNOWN) * PRICE);
    expect(counted).toMatchObject({ total: charged, fresh: 20 * PRICE });
  }, 120_000);

  it('costs no more than 60 % of the budget where no limit holds, and 50 known users log in', async () => {
    const budget = 10_000_000;
    await start({
      SMS_BUDGET_DAILY: '10',
      SMS_CONVERSION_GUARD: 'off',
      LIMITS: `fresh-codes-per-prefix=${HUGE},fresh-codes-per-country=${HUGE},fresh-codes=${HUGE}`,
    });

    const outcome = await pump();
    const logins = await logInKnownUsers();

    const { charged, counted } = await bill();
    expect(outcome).toEqual({
      messages: 120,
      refused: ATTACK.numbers - 120,
      kinds: ['503 SMS_BUDGET_SPENT'],
    });
    expect(logins).toEqual(Array(KNOWN).fill(201));
    expect(charged).toBeLessThanOrEqual(budget);
    expect(counted).toMatchObject({ total: charged, fresh: 0.6 * budget });
  }, 120_000);
});

/** The numbers of one prefix, in order. */
const mobileOf = (index: number) => `+861381234${String(index).padStart(4, '0')}`;

/** A user who logged in before, with no message of this day. */
async function registerUser(app: TestApp, mobile: string): Promise<void> {
  const challengeId = randomUUID().replaceAll('-', '');
  await app.nest
    .get(GrantsService)
    .forMobile(mobile as E164, challengeId, { address: '192.0.2.1' });
}
