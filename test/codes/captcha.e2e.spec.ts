import { randomUUID } from 'node:crypto';
import { GrantsService } from '../../src/auth/grants.service';
import { CAPTCHA, type Captcha } from '../../src/codes/captcha/captcha';
import { type E164, prefixOf } from '../../src/common/phone-number';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { fromNewAddress } from '../support/address';
import { solve } from '../support/altcha';
import { numbersOfBlock, randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR_MS = 3_600_000;

describe.each(MODES)('GET /auth/captcha (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { CAPTCHA: 'altcha' } });
  });
  afterAll(() => app.close());

  it('hands out a challenge whose answer works once', async () => {
    const { status, body } = await app.get('/auth/captcha');
    const captcha = app.nest.get<Captcha>(CAPTCHA);
    const answer = solve(body);

    expect(status).toBe(200);
    expect(await captcha.verify(answer, '203.0.113.7')).toBe(true);
    expect(await captcha.verify(answer, '203.0.113.7')).toBe(false);
  });

  it('hands out another one every time, which no cache keeps', async () => {
    const [one, other] = [await app.get('/auth/captcha'), await app.get('/auth/captcha')];

    expect(one.body.challenge).not.toBe(other.body.challenge);
    expect(one.headers.get('cache-control')).toBe('no-store');
  });
});

describe.each([
  ['off', {}],
  ['turnstile', { CAPTCHA_SECRET: 'the secret key' }],
  ['hcaptcha', { CAPTCHA_SECRET: 'the secret key' }],
])('GET /auth/captcha with CAPTCHA=%s', (kind, env) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { CAPTCHA: kind, ...env } });
  });
  afterAll(() => app.close());

  it('has nothing to hand out', async () => {
    expectRefusal(await app.get('/auth/captcha'), 'NOT_FOUND');
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
  const solved = async () => solve((await app.get('/auth/captcha')).body);

  it('is asked for once an address has had its codes, costs nothing, and works once', async () => {
    const address = fromNewAddress();
    for (let code = 0; code < 3; code++) {
      expect((await ask(randomMobile(), address)).status).toBe(202);
    }
    const [mobile, answer] = [randomMobile(), await solved()];

    expectRefusal(await ask(mobile, address), 'CAPTCHA_REQUIRED');
    expectRefusal(await ask(mobile, address, 'a wrong answer'), 'CAPTCHA_REQUIRED');
    expect((await ask(mobile, address, answer)).status).toBe(202);
    expectRefusal(await ask(randomMobile(), address, answer), 'CAPTCHA_REQUIRED');
    expect((await ask(randomMobile(), fromNewAddress())).status).toBe(202);
  });

  it('is asked for once a block of fresh numbers has had its codes, from whatever address', async () => {
    const [first, second, third, fourth] = numbersOfBlock();
    for (const mobile of [first!, second!]) {
      expect((await ask(mobile, fromNewAddress())).status).toBe(202);
    }

    expectRefusal(await ask(third!, fromNewAddress()), 'CAPTCHA_REQUIRED');
    expect((await ask(fourth!, fromNewAddress(), await solved())).status).toBe(202);
    expect((await ask(randomMobile(), fromNewAddress())).status).toBe(202);
  });

  it('is not asked of a number in such a block by a network that it was verified from', async () => {
    const [known, first, second, third] = numbersOfBlock();
    await app.nest
      .get(GrantsService)
      .forMobile(known as E164, randomUUID().replaceAll('-', ''), { address: '192.0.2.1' });
    for (const mobile of [first, second, third]) await ask(mobile!, fromNewAddress());

    expect((await ask(known!, { headers: { 'x-forwarded-for': '192.0.2.2' } })).status).toBe(202);
  });

  it('is asked of fresh numbers once half of what strangers may spend at once is spent', async () => {
    const fresh = (Date.now() + 2 * HOUR_MS) * 1000;
    const rows = app.sql.getRepository(SmsFlow);
    await rows.upsert({ scope: '*', fresh, home: 0, total: 0 }, ['scope']);

    const answer = await ask(randomMobile(), fromNewAddress());
    const solvedAnswer = await ask(randomMobile(), fromNewAddress(), await solved());
    await rows.clear();

    expectRefusal(answer, 'CAPTCHA_REQUIRED');
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

  it('is asked for when less than half of the codes of a block are used', async () => {
    const mobile = randomMobile();
    const minute = Math.floor(Date.now() / 60_000) - 10;
    const conversions = { scope: prefixOf(mobile as E164), minute, sent: 20, verified: 9 };
    await app.sql.getRepository(SmsConversion).insert(conversions);

    expectRefusal(await ask(mobile, fromNewAddress()), 'CAPTCHA_REQUIRED');
    expect((await ask(mobile, fromNewAddress(), await solved())).status).toBe(202);
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
