import { Webhook } from 'standardwebhooks';
import { BY_SYSTEM } from '../../src/audit/change';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { holdBackgroundJobs } from '../support/background-jobs';
import { passTime } from '../support/clock';
import { registerWithPassword } from '../support/credentials';
import { letLieDormant, answerTo, ticketFor } from '../support/dormant-numbers';
import { HttpRecorder } from '../support/http-recorder';
import { userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { proveNumber } from '../support/number-changes';
import { giveRoles, newOperator } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf } from '../support/told';

const LIMITS = 'codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h';
const DAY_MS = 86_400_000;

describe.each(MODES)('a number that was given up (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({ mode, env: { LIMITS } });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const errorOf = async (mobile: string) => (await proveNumber(app, mobile)).body.errorCode;

  it('is asked about ninety days after its last code, and not before', async () => {
    const user = await app.logIn();

    passTime(89 * DAY_MS);
    expect((await proveNumber(app, user.mobile)).status).toBe(201);
    passTime(89 * DAY_MS);
    expect((await proveNumber(app, user.mobile)).status).toBe(201);
    passTime(90 * DAY_MS);
    const answer = { ticket: await ticketFor(app, user.mobile), mine: true };

    expect(userIdOf((await answerTo(app, answer)).body.token)).toBe(userIdOf(user.token));
    expect((await proveNumber(app, user.mobile)).status).toBe(201);
  });

  it('is asked about at once, whatever device is shown, when the list of a carrier has it', async () => {
    const [user, operator] = [await app.logIn(), await registerWithPassword(app)];
    await giveRoles(app, userIdOf(operator.token), 'support');
    const admin = await newOperator(app, 'admin');
    const numbers = [user.mobile, user.mobile, operator.mobile, randomMobile()];
    const body = { numbers, reason: 'list of May' };

    const answer = await app.post('/admin/numbers/released', body, admin);

    expect(answer.body).toEqual({ released: 1, kept: 1, unknown: 1 });
    await lapseCooldown(app, user.mobile);
    const { device_token } = user;
    const shown = { ...(await app.requestCode(user.mobile)), device_token };
    const { status, body: asked } = await app.post('/auth/tokens', shown);
    expect([status, asked.errorCode]).toEqual([409, 'NUMBER_PERHAPS_REASSIGNED']);
    expect((await proveNumber(app, operator.mobile)).status).toBe(201);
    const actions = (await auditOf(app, userIdOf(user.token))).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['number.released', 'device.ended']));
    await answerTo(app, { ticket: asked.ticket, mine: true });
    expect((await proveNumber(app, user.mobile)).status).toBe(201);
    const wrong = { numbers: ['+86138', 'x'], reason: 'a list' };
    expectRefusal(await app.post('/admin/numbers/released', wrong, admin), 'VALIDATION_FAILED');
  });

  it('is its user’s again by the word of an operator', async () => {
    const user = await app.logIn();
    await letLieDormant(app, user);
    expect(await errorOf(user.mobile)).toBe('NUMBER_PERHAPS_REASSIGNED');

    await app.nest.get(UserOperationsService).vouch(userIdOf(user.token), BY_SYSTEM);

    expect((await proveNumber(app, user.mobile)).status).toBe(201);
  });
});

describe('a service that knows of numbers which changed hands', () => {
  holdBackgroundJobs();
  const NUMBER_LOOKUP_SECRET = 'the key of the look-up';
  let service: HttpRecorder;

  beforeAll(async () => {
    service = await HttpRecorder.start();
  });
  afterAll(() => service.close());

  const start = (NUMBER_LOOKUP_FAILURE: string) =>
    TestApp.start({
      env: {
        LIMITS,
        NUMBER_LOOKUP_URL: `${service.url}/lookup`,
        NUMBER_LOOKUP_SECRET,
        NUMBER_LOOKUP_TIMEOUT: '1s',
        NUMBER_LOOKUP_FAILURE,
      },
    });

  it('is asked for dormant numbers only, signed, and lets their users in', async () => {
    const app = await start('closed');
    const user = await app.logIn();
    await proveNumber(app, user.mobile);
    expect(service.requests).toEqual([]);
    await letLieDormant(app, user);
    service.answer(
      { status: 200, body: { reassigned: true } },
      { status: 200, body: { reassigned: false } },
    );

    expect((await proveNumber(app, user.mobile)).status).toBe(409);
    const { status, body } = await proveNumber(app, user.mobile);

    expect([status, userIdOf(body.token)]).toEqual([201, userIdOf(user.token)]);
    const [asked] = service.requests;
    const signed = new Webhook(NUMBER_LOOKUP_SECRET, { format: 'raw' });
    expect(signed.verify(asked!.body, asked!.headers as Record<string, string>)).toEqual({
      number: user.mobile,
      since: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    await app.close();
  });

  it.each([
    ['closed', 409],
    ['open', 201],
  ])('that does not answer is as NUMBER_LOOKUP_FAILURE=%s says', async (failure, expected) => {
    const app = await start(failure);
    for (const answer of [{ status: 500 }, { status: 200, body: { other: 1 } }, 'reset' as const]) {
      const user = await app.logIn();
      await letLieDormant(app, user);
      service.answer(answer);
      expect((await proveNumber(app, user.mobile)).status).toBe(expected);
    }
    await app.close();
  });
});
