import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { fromNewAddress } from '../support/address';
import { otherThan } from '../support/codes';
import { lapseCode, lapseCooldown, lapseLimit } from '../support/lapse';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

const HOME = { headers: { 'x-forwarded-for': '203.0.113.7' } };
/** In the same network. */
const NEXT_DOOR = { headers: { 'x-forwarded-for': '203.0.113.99' } };

describe.each(MODES)('a code in the hand of its owner, when no message may go out (%s)', (mode) => {
  let app: TestApp;
  let owner: LoggedIn;
  let sent: number;

  beforeEach(async () => {
    const LIMITS = 'codes-to-owner=1/1d,codes-per-number=1/1d';
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', LIMITS } });
    const { mobile } = await app.requestCode();
    const code = app.inbox.codeFor(mobile);
    const { body } = await app.post('/auth/tokens', { mobile, code }, HOME);
    owner = { ...body, mobile, code };
    await lapseCooldown(app, mobile);
    await ask(HOME);
    await lapseCooldown(app, mobile, '203.0.113.7');
    sent = app.inbox.messages.length;
  });
  afterEach(() => app.close());

  const ask = (from = fromNewAddress(), more: object = {}) =>
    app.post('/auth/codes', { mobile: owner.mobile, ...more }, from);
  const present = async (
    from: ReturnType<typeof fromNewAddress>,
    more: object = {},
    code = codeOf(),
  ) => (await app.post('/auth/tokens', { mobile: owner.mobile, code, ...more }, from)).status;
  const codeOf = () => app.inbox.codeFor(owner.mobile);

  it.each([
    ['in a network of theirs', NEXT_DOOR, () => ({})],
    ['on a device of theirs', fromNewAddress(), () => ({ device_token: owner.device_token })],
  ])('works %s, without a message', async (_, from, shown) => {
    const { status, body } = await ask(from, shown());

    expect([status, app.inbox.messages.length]).toEqual([202, sent]);
    expect(body).toEqual({
      expires_in: expect.any(Number),
      resend_in: expect.any(Number),
      challenge: expect.any(String),
    });
    expect(body.resend_in).toBeGreaterThan(60);
    expect(body.expires_in).toBeLessThanOrEqual(300);
    const { challenge } = body;
    expect(await present(fromNewAddress(), { challenge, ...shown() })).toBe(201);
  });

  it('may be got wrong three times a day, however often it is asked for', async () => {
    const guess = async (offset: number) => {
      const { body } = await ask(NEXT_DOOR);
      const wrong = otherThan(codeOf(), offset);
      return present(fromNewAddress(), { challenge: body.challenge }, wrong);
    };
    for (let offset = 1; offset <= 3; offset++) expect(await guess(offset)).toBe(400);

    const { body } = await ask(NEXT_DOOR);
    expect(await present(fromNewAddress(), { challenge: body.challenge })).toBe(400);
    expect(await present(HOME)).toBe(201);
  });

  it('shows to nobody else, nor when none is under way', async () => {
    await lapseLimit(app, 'codes-per-number', owner.mobile);
    for (let count = 0; count < 8; count++) await ask();
    const stranger = await ask();
    await lapseCode(app, owner.mobile, 300);
    const [late, strangerLater] = [await ask(NEXT_DOOR), await ask()];

    expect([stranger.status, late.status]).toEqual([429, 429]);
    expect(Object.keys(strangerLater.body)).toEqual(Object.keys(stranger.body));
  });

  it('works when the money is spent', async () => {
    await app.close();
    app = await app.restart({ env: { LIMITS: 'codes-to-owner=9/1d', SMS_BUDGET_DAILY: '1' } });
    const full = Date.now() * 1000 + 9e12;
    const flows = app.sql.getRepository(SmsFlow);
    await flows.save({ scope: '*', fresh: full, home: full, total: full });

    const [atHome, stranger] = [await ask(NEXT_DOOR), await ask()];

    expect([atHome.status, stranger.status]).toEqual([202, 503]);
    expect(await present(fromNewAddress(), { challenge: atHome.body.challenge })).toBe(201);
  });
});
