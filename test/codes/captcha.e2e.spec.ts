import { randomUUID } from 'node:crypto';
import { CodeGrantsService } from '../../src/auth/code-grants.service';
import { CaptchaDifficultyService } from '../../src/codes/captcha/captcha-difficulty.service';
import { LimiterService } from '../../src/codes/limiter.service';
import { networksOf } from '../../src/common/networks';
import { type E164, prefixOf } from '../../src/common/phone-number';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { fromNewAddress } from '../support/address';
import { solve } from '../support/altcha';
import { lapseCooldown } from '../support/lapse';
import { numbersOfBlock, randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR_MS = 3_600_000;

describe('POST /auth/captcha', () => {
  const mobile = '+8613812345678';
  const widgetOf = async (env: Record<string, string>) => {
    const app = await TestApp.start({ env });
    const answer = await app.post('/auth/captcha', { mobile });
    await app.close();
    return answer;
  };

  it('hands out what the widget of ALTCHA needs, another one every time, which no cache keeps', async () => {
    const [one, other] = [
      await widgetOf({ CAPTCHA: 'altcha' }),
      await widgetOf({ CAPTCHA: 'altcha' }),
    ];

    expect([one.status, one.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(one.body).toMatchObject({ algorithm: 'SHA-256', maxnumber: 100_000 });
    expect(one.body.challenge).not.toBe(other.body.challenge);
  });

  it('hands out what binds an answer of Turnstile to the number', async () => {
    const { body } = await widgetOf({ CAPTCHA: 'turnstile', CAPTCHA_SECRET: 'the secret key' });

    expect(body).toEqual({ action: 'code', cdata: expect.any(String) });
    expect(JSON.stringify(body)).not.toContain(mobile.slice(1));
  });

  it.each<Record<string, string>>([
    { CAPTCHA: 'off' },
    { CAPTCHA: 'hcaptcha', CAPTCHA_SECRET: 'the secret key' },
  ])('has nothing to hand out with %j', async (env) => {
    expectRefusal(await widgetOf(env), 'NOT_FOUND');
  });
});

describe.each(MODES)('a captcha for POST /auth/codes (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    const LIMITS = 'easy-codes-per-address=3/1h,easy-codes-per-prefix=2/1h';
    app = await TestApp.start({ mode, env: { CAPTCHA: 'altcha', LIMITS, TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  const ask = (mobile: string, from: object, captcha?: string) =>
    app.post('/auth/codes', { mobile, captcha }, from);
  const fetched = async (mobile: string, from = fromNewAddress()) =>
    (await app.post('/auth/captcha', { mobile }, from)).body;
  const fetchFrom = async (host: number) => {
    const headers = { 'x-forwarded-for': `203.0.113.${host}` };
    return (await app.post('/auth/captcha', { mobile: randomMobile() }, { headers })).status;
  };
  const solved = async (mobile: string) => solve(await fetched(mobile));

  it('is asked for once an address has had its codes, until when is said, costs nothing, and works once', async () => {
    const address = fromNewAddress();
    for (let code = 0; code < 3; code++) {
      expect((await ask(randomMobile(), address)).status).toBe(202);
    }
    const mobile = randomMobile();
    const answer = await solved(mobile);

    const refused = await ask(mobile, address);
    expectRefusal(refused, 'CAPTCHA_REQUIRED');
    expect(refused.headers.get('retry-after')).toMatch(/^3\d{3}$/);
    expectRefusal(await ask(mobile, address, 'a wrong answer'), 'CAPTCHA_REQUIRED');
    expectRefusal(await ask(randomMobile(), address, answer), 'CAPTCHA_REQUIRED');
    expect((await ask(mobile, address, answer)).status).toBe(202);
    await lapseCooldown(app, mobile, address.headers['x-forwarded-for']);
    expectRefusal(await ask(mobile, address, answer), 'CAPTCHA_REQUIRED');
    expect((await ask(randomMobile(), fromNewAddress())).status).toBe(202);
  });

  it('is asked for once a block of fresh numbers has had its codes, from whatever address', async () => {
    const [first, second, third, fourth] = numbersOfBlock();
    for (const mobile of [first!, second!]) {
      expect((await ask(mobile, fromNewAddress())).status).toBe(202);
    }

    expectRefusal(await ask(third!, fromNewAddress()), 'CAPTCHA_REQUIRED');
    expect((await ask(fourth!, fromNewAddress(), await solved(fourth!))).status).toBe(202);
    expect((await ask(randomMobile(), fromNewAddress())).status).toBe(202);
  });

  it('is not asked of a number in such a block by a network that it was verified from', async () => {
    const [known, first, second, third] = numbersOfBlock();
    await app.nest
      .get(CodeGrantsService)
      .forMobile(
        { mobile: known as E164, challengeId: randomUUID().replaceAll('-', '') },
        { address: '192.0.2.1' },
      );
    for (const mobile of [first, second, third]) await ask(mobile!, fromNewAddress());

    expect((await ask(known!, { headers: { 'x-forwarded-for': '192.0.2.2' } })).status).toBe(202);
  });

  it('counts for nobody when how hard it is cannot be looked up', async () => {
    const from = fromNewAddress();
    for (let code = 0; code < 3; code++) await ask(randomMobile(), from);
    const [address] = networksOf(from.headers['x-forwarded-for']!);
    const mobile = randomMobile();
    const answer = await solved(mobile);
    const isAway = new Error('The database is away.');
    const look = jest.spyOn(app.nest.get(CaptchaDifficultyService), 'difficultyFor');
    look.mockRejectedValueOnce(isAway);

    await ask(mobile, from, answer);
    const counted = { 'easy-captchas-per-address': address };
    const [usage] = await app.nest.get(LimiterService).usageOf(counted);
    look.mockRestore();

    expect(usage).toMatchObject({ used: 0 });
  });

  it('is asked of fresh numbers once half of what strangers may spend at once is spent', async () => {
    const fresh = (Date.now() + 2 * HOUR_MS) * 1000;
    const rows = app.sql.getRepository(SmsFlow);
    await rows.upsert({ scope: '*', fresh, home: 0, total: 0 }, ['scope']);

    const answer = await ask(randomMobile(), fromNewAddress());
    const mobile = randomMobile();
    const solvedAnswer = await ask(mobile, fromNewAddress(), await solved(mobile));
    await rows.clear();

    expectRefusal(answer, 'CAPTCHA_REQUIRED');
    expect(answer.headers.get('retry-after')).toBeNull();
    expect(solvedAnswer.status).toBe(202);
  });

  it('is not asked for ever: an address that does not solve it has no more than its codes', async () => {
    const [, , , fourth] = numbersOfBlock();
    const address = fromNewAddress();
    for (const mobile of numbersOfBlock()) {
      const { status } = await ask(mobile, address);
      if (status === 428) break;
    }
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 30; attempt++) {
      statuses.push((await ask(fourth!, address, 'a wrong answer')).status);
    }

    expect(statuses.filter((status) => status === 428).length).toBeLessThan(30);
    expect(statuses.at(-1)).toBe(429);
  });

  it('is harder for each further reason to suspect who redeems it, wherever it was fetched', async () => {
    const [used, also, mobile] = numbersOfBlock();
    const address = fromNewAddress();
    const difficultyFrom = async (from: typeof address) =>
      (await fetched(mobile!, from)).maxnumber / 100_000;

    expect(await difficultyFrom(address)).toBe(1);
    for (const one of [used!, also!]) await ask(one, address);
    expect(await difficultyFrom(address)).toBe(1);
    await ask(randomMobile(), address);
    expect(await difficultyFrom(address)).toBe(2);
    const easy = await solved(mobile!);
    expectRefusal(await ask(mobile!, address, easy), 'CAPTCHA_REQUIRED');

    const limiter = app.nest.get(LimiterService);
    for (let redeemed = 0; redeemed < 10; redeemed++)
      await limiter.take({ 'easy-captchas-per-address': address.headers['x-forwarded-for'] });
    expect(await difficultyFrom(address)).toBe(4);
    expect(await difficultyFrom(fromNewAddress())).toBe(1);
    expect((await ask(mobile!, address, solve(await fetched(mobile!, address)))).status).toBe(202);
  });

  it('is harder after ten answers, also when more come at once', async () => {
    const from = fromNewAddress();
    for (let code = 0; code < 3; code++) await ask(randomMobile(), from);
    const answers: [string, string][] = [];
    for (let answer = 0; answer < 14; answer++) {
      const mobile = randomMobile();
      answers.push([mobile, solve(await fetched(mobile, from))]);
    }

    const asked = await Promise.all(answers.map(([mobile, answer]) => ask(mobile, from, answer)));

    expect(asked.filter(({ status }) => status === 202)).toHaveLength(10);
  });

  it('rule 21: is handed out to all others of a network, whatever one address after another fetches', async () => {
    const statuses: number[] = [];
    for (let host = 0; host < 5; host++)
      statuses.push(...(await Promise.all(Array.from({ length: 101 }, () => fetchFrom(host)))));

    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect(await fetchFrom(200)).toBe(200);
  });

  it('is as hard for the number of a user as for any other, and hardest for one whose codes are used up', async () => {
    const [known, fresh, spent] = [randomMobile(), randomMobile(), randomMobile()];
    await app.nest
      .get(CodeGrantsService)
      .forMobile(
        { mobile: known as E164, challengeId: randomUUID().replaceAll('-', '') },
        { address: '192.0.2.1' },
      );
    const limiter = app.nest.get(LimiterService);
    for (let code = 0; code < 8; code++) await limiter.take({ 'codes-per-number': spent });

    const from = { headers: { 'x-forwarded-for': '192.0.2.1' } };
    const of = async (mobile: string) => (await fetched(mobile, from)).maxnumber;
    expect([await of(known), await of(fresh), await of(spent)]).toEqual([1e5, 1e5, 4e5]);
  });

  it('is asked for when less than half of the codes of a block are used', async () => {
    const mobile = randomMobile();
    const minute = Math.floor(Date.now() / 60_000) - 10;
    const conversions = { scope: prefixOf(mobile as E164), minute, sent: 20, verified: 9 };
    await app.sql.getRepository(SmsConversion).insert(conversions);

    expectRefusal(await ask(mobile, fromNewAddress()), 'CAPTCHA_REQUIRED');
    expect((await ask(mobile, fromNewAddress(), await solved(mobile))).status).toBe(202);
  });
});

describe('POST /auth/codes', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.close());

  it.each([
    ['a number', 5],
    ['an object', {}],
    ['longer than 8 KB', 'x'.repeat(8193)],
  ])('refuses a captcha that is %s', async (_what, captcha) => {
    const answer = await app.post('/auth/codes', { mobile: '+8613812345678', captcha });

    expectRefusal(answer, 'VALIDATION_FAILED');
  });
});
