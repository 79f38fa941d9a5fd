import { randomUUID } from 'node:crypto';
import { CodeGrantsService } from '../../src/auth/code-grants.service';
import type { E164 } from '../../src/common/phone-number';
import { SmsSpend } from '../../src/sms/sms-spend.entity';
import { crowd, postCheaply } from '../support/crowd';
import { AT_FULL_SCALE } from '../support/scale';
import { report } from '../support/simulation';
import { LAST_MODE } from '../support/stores';
import { TestApp } from '../support/test-app';

const KNOWN = 50;
/** What a message by webhook costs, in millionths. */
const PRICE = 50_000;

/** Fresh numbers of one prefix, and the addresses that ask for their codes. */
const ATTACK = AT_FULL_SCALE ? { numbers: 5000, addresses: 1000 } : { numbers: 200, addresses: 40 };
/** The users are in the network that they were verified from. */
const homeOf = (user: number) => `192.0.2.${user + 1}`;
const DEFAULTS = { NETWORK_SHARE: '20', SMS_BUDGET_DAILY: '100' };
const HUGE = '9999999/1h';

describe.each(LAST_MODE)('pumping fresh numbers of one prefix (%s)', (mode) => {
  let app: TestApp;

  afterEach(() => app.close());

  const start = async (env: Record<string, string>) => {
    app = await TestApp.start({ mode, env: { ...DEFAULTS, TRUST_PROXY: '1', ...env } });
    await crowd(KNOWN, (user) => registerUser(app, mobileOf(ATTACK.numbers + user)));
  };
  const post = (path: string, index: number, address: string, body: object = {}) =>
    postCheaply(
      app.baseUrl + path,
      { mobile: mobileOf(index), ...body },
      { 'x-forwarded-for': address },
    );

  const pump = async () => {
    const { numbers, addresses } = ATTACK;
    const answers = await crowd(numbers, (index) =>
      post('/auth/codes', index, addressOf(index % addresses)),
    );
    const refusals = answers.filter(({ status }) => status !== 202);
    const kinds = new Set(refusals.map(({ status, body }) => `${status} ${body.errorCode}`));
    return { messages: app.inbox.messages.length, refused: refusals.length, kinds: [...kinds] };
  };

  /** Users of the attacked prefix, who were verified lately. */
  const logInKnownUsers = () =>
    crowd(KNOWN, async (user) => {
      const index = ATTACK.numbers + user;
      const asked = await post('/auth/codes', index, homeOf(user));
      if (asked.status !== 202) return asked.status;
      const code = app.inbox.codeFor(mobileOf(index));
      return (await post('/auth/tokens', index, homeOf(user), { code })).status;
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
    report({
      row: '0',
      attack: `${ATTACK.numbers} fresh numbers of one prefix, from ${ATTACK.addresses} networks`,
      honest: [logins.filter((status) => status === 201).length, KNOWN],
      messages: outcome.messages,
      gain: 'then a captcha for each',
    });
    expect(outcome).toEqual({
      messages: 20,
      refused: ATTACK.numbers - 20,
      kinds: ['428 CAPTCHA_REQUIRED'],
    });
    expect(logins).toEqual(Array(KNOWN).fill(201));
    expect(charged).toBe((20 + KNOWN) * PRICE);
    expect(counted.total).toBe(charged);
  }, 120_000);

  it('takes what strangers may spend at once where no limit holds, and 50 known users log in', async () => {
    await start({
      SMS_CONVERSION_GUARD: 'off',
      LIMITS: `codes-per-address=${HUGE},fresh-codes-per-prefix=${HUGE},fresh-codes-per-country=${HUGE},fresh-codes=${HUGE}`,
    });

    const outcome = await pump();
    const logins = await logInKnownUsers();

    const { charged, counted } = await bill();
    expect(outcome).toEqual({
      messages: 150,
      refused: ATTACK.numbers - 150,
      kinds: ['503 SMS_BUDGET_SPENT'],
    });
    expect(logins).toEqual(Array(KNOWN).fill(201));
    expect(counted.total).toBe(charged);
    expect(counted.total).toBe((150 + KNOWN) * PRICE);
  }, 120_000);
});

/** The numbers of one prefix, in order. */
const mobileOf = (index: number) => `+861381234${String(index).padStart(4, '0')}`;

/** Of a network each, as those rent them who pump messages. */
const addressOf = (index: number) => `10.${index & 255}.${(index >> 8) * 16}.1`;

/** A user who logged in before, with no message of this day. */
async function registerUser(app: TestApp, mobile: string): Promise<void> {
  const challengeId = randomUUID().replaceAll('-', '');
  await app.nest
    .get(CodeGrantsService)
    .forMobile({ mobile: mobile as E164, challengeId }, { address: homeOf(0) });
}
