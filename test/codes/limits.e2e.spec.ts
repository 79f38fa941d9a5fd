import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { askForCode, presentCode } from '../support/codes';
import { lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR = 3600;

describe.each(MODES)('the limits on sending and guessing (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  it('refuses a second code for a number from the same address within the cooldown', async () => {
    const [mobile, address] = [randomMobile(), fromNewAddress()];
    await app.post('/auth/codes', { mobile }, address);

    const answer = await app.post('/auth/codes', { mobile }, address);

    expectLimit(answer, 'codes for this number', 60);
    expect(app.inbox.messages.filter(({ to }) => to === mobile)).toHaveLength(1);
  });

  it('sends four codes a day to a number for one address, and one more for the next', async () => {
    const [mobile, address] = [randomMobile(), fromNewAddress()];
    const ask = async () => {
      await lapseLimit(app, 'code-cooldown', `${mobile} ${address.headers['x-forwarded-for']}`);
      return app.post('/auth/codes', { mobile }, address);
    };
    for (let sent = 0; sent < 4; sent++) expect((await ask()).status).toBe(202);

    expectLimit(await ask(), 'codes for this number', 24 * HOUR);
    await expect(askForCode(app, mobile)).resolves.toMatch(/^[0-9]{6}$/);
  });

  it('sends eight codes a day to a number for all strangers together', async () => {
    const mobile = randomMobile();
    for (let sent = 0; sent < 8; sent++) await askForCode(app, mobile);

    const answer = await app.post('/auth/codes', { mobile }, fromNewAddress());

    expectLimit(answer, 'codes for this number', 24 * HOUR);
  });

  it('sends 30 codes an hour for an address, and a refusal costs the number nothing', async () => {
    const address = fromNewAddress();
    const ask = (mobile: string) => app.post('/auth/codes', { mobile }, address);
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(randomMobile())));
    const mobile = randomMobile();

    const answer = await ask(mobile);

    expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
    expectLimit(answer, 'codes from this address', HOUR);
    await expect(askForCode(app, mobile)).resolves.toMatch(/^[0-9]{6}$/);
  });

  it('sends six codes a day to the devices of a number, whatever strangers ask for', async () => {
    const mobile = randomMobile();
    let { body } = await presentCode(app, mobile, await askForCode(app, mobile));
    for (let sent = 1; sent < 8; sent++) await askForCode(app, mobile);
    const ask = () =>
      app.post('/auth/codes', { mobile, device_token: body.device_token }, fromNewAddress());
    for (let sent = 0; sent < 6; sent++) {
      expect((await ask()).status).toBe(202);
      ({ body } = await presentCode(app, mobile, app.inbox.codeFor(mobile)));
    }

    expectLimit(await ask(), 'codes for this number', 24 * HOUR);
  });

  it('serves the 31st person behind an address when the codes before were used', async () => {
    const address = fromNewAddress();
    for (let person = 0; person < 31; person++) {
      const mobile = randomMobile();
      expect((await app.post('/auth/codes', { mobile }, address)).status).toBe(202);
      const code = app.inbox.codeFor(mobile);
      expect((await app.post('/auth/tokens', { mobile, code }, address)).status).toBe(201);
    }
  });

  it('counts the networks around an address together, each with four times as much', async () => {
    const spend = (address: string) =>
      Promise.all(Array.from({ length: 30 }, () => askFrom(app, address)));
    const network = '2001:db8:77:7';
    for (const host of ['00', '01', '02', '03']) await spend(`${network}${host}::1`);

    expectLimit(await askFrom(app, `${network}04::1`), 'codes from this address', HOUR);
    expect((await askFrom(app, '2001:db8:78::1')).status).toBe(202);
  });

  it('checks 30 wrong codes in ten minutes from an address, and serves all others', async () => {
    const address = fromNewAddress();
    const guess = (mobile: string) => app.post('/auth/tokens', { mobile, code: '000000' }, address);
    const answers = await Promise.all(Array.from({ length: 30 }, () => guess(randomMobile())));
    const mobile = randomMobile();

    const answer = await guess(mobile);

    expect(answers.filter(({ status }) => status !== 400)).toEqual([]);
    expectLimit(answer, 'wrong codes from this address', 600);
    const code = await askForCode(app, mobile);
    const elsewhere = await app.post('/auth/tokens', { mobile, code }, fromNewAddress());
    expect(elsewhere.status).toBe(201);
  });

  it('lets 100 parallel requests of an address cost a number one code', async () => {
    const [mobile, address] = [randomMobile(), fromNewAddress()];
    const asked = Array.from({ length: 100 }, () => app.post('/auth/codes', { mobile }, address));
    await Promise.all(asked);

    expect(app.inbox.messages.filter(({ to }) => to === mobile)).toHaveLength(1);
    for (let sent = 1; sent < 8; sent++) {
      await expect(askForCode(app, mobile)).resolves.toBe(app.inbox.codeFor(mobile));
    }
  });
});

function askFrom(app: TestApp, address: string): Promise<Answer> {
  const headers = { 'x-forwarded-for': address };
  return app.post('/auth/codes', { mobile: randomMobile() }, { headers });
}

function expectLimit(answer: Answer, subject: string, window: number): void {
  const seconds = Number(answer.headers.get('retry-after'));
  expectRefusal(answer, 'TOO_MANY_REQUESTS');
  expect(answer.body).toMatchObject({
    message: `Too many ${subject}. Try again in ${seconds} s.`,
    limit: subject.endsWith('this address') ? 'address' : 'number',
    retry_after: seconds,
  });
  expect(seconds).toBeGreaterThan(window - 30);
  expect(seconds).toBeLessThanOrEqual(window);
}
