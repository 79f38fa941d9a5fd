import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { askAgain, askForCode, presentCode } from '../support/codes';
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

  it('refuses a second code for a number within the cooldown', async () => {
    const mobile = randomMobile();
    await askForCode(app, mobile);

    const answer = await app.post('/auth/codes', { mobile }, fromNewAddress());

    expectLimit(answer, 'codes for this number', 60);
    expect(app.inbox.messages.filter(({ to }) => to === mobile)).toHaveLength(1);
  });

  it('sends five codes an hour to a number', async () => {
    const mobile = randomMobile();
    await askForCode(app, mobile);
    for (let sent = 1; sent < 5; sent++) await askAgain(app, mobile);
    await lapseLimit(app, 'code-cooldown', mobile);

    const answer = await app.post('/auth/codes', { mobile }, fromNewAddress());

    expectLimit(answer, 'codes for this number', HOUR);
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

  it('sends 20 codes a day to all devices of a number together', async () => {
    const mobile = randomMobile();
    let { body } = await presentCode(app, mobile, await askForCode(app, mobile));
    const ask = () =>
      app.post('/auth/codes', { mobile, device_token: body.device_token }, fromNewAddress());
    for (let device = 0; device < 20; device++) {
      expect((await ask()).status).toBe(202);
      ({ body } = await presentCode(app, mobile, app.inbox.codeFor(mobile)));
    }

    expectLimit(await ask(), 'codes for this number', 24 * HOUR);
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

  it('lets 100 parallel requests cost a number one code', async () => {
    const mobile = randomMobile();
    await Promise.all(
      Array.from({ length: 100 }, () => app.post('/auth/codes', { mobile }, fromNewAddress())),
    );

    for (let sent = 1; sent < 5; sent++) {
      await expect(askAgain(app, mobile)).resolves.toBe(app.inbox.codeFor(mobile));
    }
  });
});

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
