import { CAPTCHA, type Captcha } from '../../src/codes/captcha/captcha';
import { RedactingLogger } from '../../src/common/redacting-logger';
import { fromNewAddress } from '../support/address';
import { otherThan } from '../support/codes';
import { lapseCooldown, lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { scrape, valueOf } from '../support/prometheus';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const SOLVED = 'what costs a person a second';
const [HUNTED, STRAYS] = [6, 10];
const LIMITS = `guesses-since-login=${HUNTED}/20d,stray-guesses=${STRAYS}/10m`;

describe.each(MODES)('guessing on and on (%s)', (mode) => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', CAPTCHA: 'altcha', LIMITS } });
    const captcha = app.nest.get<Captcha>(CAPTCHA);
    jest.spyOn(captcha, 'verify').mockImplementation(async (answer) => answer === SOLVED);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const ask = async (mobile = randomMobile(), more: object = {}, from = fromNewAddress()) => {
    const { status, body } = await app.post('/auth/codes', { mobile, ...more }, from);
    return { status, mobile, from, challenge: body.challenge as string | undefined };
  };
  const present = async (
    mobile: string,
    code: string,
    more: object = {},
    from = fromNewAddress(),
  ) => (await app.post('/auth/tokens', { mobile, code, ...more }, from)).status;
  const guess = (mobile: string, more: object = {}, from = fromNewAddress()) =>
    present(mobile, otherThan(app.inbox.codeFor(mobile)), more, from);

  it('at many numbers asks those for a captcha whom nothing ties to theirs, and is reported', async () => {
    const reported = jest.spyOn(RedactingLogger.prototype, 'error');
    const device = await app.logIn();
    await lapseCooldown(app, device.mobile);
    const { device_token } = device;
    const [owner, neighbour] = [await ask(), await ask()];
    const asked = await ask(device.mobile, { device_token });
    for (let count = 0; count < 3; count++) await guess(randomMobileWithoutCode(), {});
    for (let count = 0; count < STRAYS; count++) {
      const { mobile } = count % 5 ? neighbour : await ask();
      await lapseLimit(app, 'guesses-per-number', mobile);
      await lapseLimit(app, 'guesses-since-login', mobile);
      expect(await guess(mobile)).toBe(400);
    }

    const { mobile } = await ask();
    expect(await guess(mobile)).toBe(428);
    const right = { mobile, code: app.inbox.codeFor(mobile) };
    const refused = await app.post('/auth/tokens', right, fromNewAddress());
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([
      428,
      expect.stringMatching(/^\d{3}$/),
    ]);
    expect(await guess(mobile, { captcha: SOLVED })).toBe(400);
    expect(await present(mobile, app.inbox.codeFor(mobile), { captcha: SOLVED })).toBe(201);
    expect(await present(owner.mobile, app.inbox.codeFor(owner.mobile), {}, owner.from)).toBe(201);
    const { challenge } = neighbour;
    expect(
      await present(neighbour.mobile, app.inbox.codeFor(neighbour.mobile), { challenge }),
    ).toBe(201);
    const code = app.inbox.codeFor(asked.mobile);
    expect(await present(asked.mobile, code, { device_token })).toBe(201);
    expect(
      reported.mock.calls.flat().filter((text) => String(text).startsWith('Codes guessed')),
    ).toHaveLength(1);
    expect(valueOf(await scrape(app), 'tandem_guesses_suspected_total')).toBe(4);
  });

  it('at one number leaves strangers three messages a day, and no guess without asking, until somebody logs in', async () => {
    const device = await app.logIn();
    const { mobile, device_token } = device;
    await lapseLimit(app, 'codes-per-number', mobile);
    const owner = await ask(mobile);
    for (let count = 0; count < HUNTED; count++) {
      await lapseLimit(app, 'guesses-per-number', mobile);
      await guess(mobile);
    }

    await lapseLimit(app, 'guesses-per-number', mobile);
    expect(await present(mobile, app.inbox.codeFor(mobile))).toBe(400);
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) statuses.push((await ask(mobile)).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
    expect((await ask(mobile, { device_token })).status).toBe(202);

    expect(await present(mobile, app.inbox.codeFor(mobile), { challenge: owner.challenge })).toBe(
      201,
    );
    expect((await ask(mobile)).status).toBe(202);
    expect(await present(mobile, app.inbox.codeFor(mobile))).toBe(201);
  });

  /** One that nobody has asked a code for: what is guessed there reaches no code. */
  function randomMobileWithoutCode(): string {
    const mobile = randomMobile();
    jest.spyOn(app.inbox, 'codeFor').mockReturnValueOnce('000000');
    return mobile;
  }
});
