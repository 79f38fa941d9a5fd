import { type E164, prefixOf } from '../../src/common/phone-number';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { QuietSenderService } from '../../src/codes/quiet-sender.service';
import type { CodeMessage } from '../../src/sms/sms-provider';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { SmsSpend } from '../../src/sms/sms-spend.entity';
import { User } from '../../src/users/user.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { lapseBreakers, lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

describe.each(MODES)('SIGNUP=closed (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;
  let user: string;

  beforeAll(async () => {
    const open = await TestApp.start({ mode });
    user = (await open.logIn()).mobile;
    app = await open.restart({ env: { SIGNUP: 'closed' } });
  });
  beforeEach(() => lapseCooldown(app, user));
  afterEach(() => {
    app.inbox.status = 200;
    lapseBreakers(app);
  });
  afterAll(() => app.close());

  const ask = (mobile: string) => app.post('/auth/codes', { mobile });
  /** What is done behind answers. */
  const settled = () => app.nest.get(QuietSenderService).onApplicationShutdown();
  const counted = (mobile: string) =>
    app.sql.getRepository(SmsConversion).sum('sent', { scope: prefixOf(mobile as E164) });
  const flowed = async () =>
    (await app.sql.getRepository(SmsFlow).findOneBy({ scope: '*' }))!.fresh;
  const spent = () => app.sql.getRepository(SmsSpend).findOneBy({ scope: '*' });
  const attemptsFor = async (mobile: string) => {
    const before = app.inbox.attempts;
    const { status } = await ask(mobile);
    await settled();
    return [status, app.inbox.attempts - before];
  };

  it('logs in a user, whose code is sent behind the answer', async () => {
    const release = app.inbox.hold();
    const { status, body } = await ask(user);
    expect([status, body.expires_in]).toEqual([202, 300]);
    expect(app.inbox.messages.filter(({ to }) => to === user)).toHaveLength(1);
    release();
    await settled();

    const code = app.inbox.codeFor(user);

    const login = await app.post('/auth/tokens', { mobile: user, code });
    expect([login.status, login.body.is_new_user]).toEqual([201, false]);
  });

  it('answers a stranger the same, and asks no provider', async () => {
    const stranger = randomMobile();
    const [known, unknown] = [await ask(user), await ask(stranger)];
    await settled();
    const shape = ({ status, body }: typeof known) => [
      status,
      { ...body, challenge: body.challenge.length },
    ];

    expect(shape(unknown)).toEqual(shape(known));
    expect(app.inbox.messages.filter(({ to }) => to === stranger)).toEqual([]);
    const [again, after] = [await ask(user), await ask(stranger)];
    expect([again.status, again.body.limit]).toEqual([429, 'number']);
    expect(after.body).toEqual({ ...again.body, request_id: after.body.request_id });
  });

  it.each([422, 503])('tells nobody that the provider answers %d', async (answer) => {
    app.inbox.status = answer;

    expect((await attemptsFor(user))[0]).toBe(202);
    expect(await attemptsFor(randomMobile())).toEqual([202, 0]);

    // Nor by what is given back of it.
    expect((await ask(user)).status).toBe(429);
  });

  it('makes no user, not even of who guesses the code', async () => {
    const mobile = randomMobile();
    const before = await app.sql.getRepository(User).count();
    let code: string | undefined;
    jest
      .spyOn(app.nest.get(QuietSenderService), 'send')
      .mockImplementationOnce(({ message }) => void (code = (message as CodeMessage).code));
    await ask(mobile);

    const { status, body } = await app.post('/auth/tokens', { mobile, code });

    expect([status, body.errorCode]).toEqual([400, 'INVALID_CODE']);
    expect(await app.sql.getRepository(User).count()).toBe(before);
  });

  it('counts what it does not send: shares and pauses tell nothing, and no money is spent', async () => {
    const stranger = randomMobile();
    const before = [await flowed(), await spent()] as const;

    await ask(stranger);
    await settled();

    expect(Number(await counted(stranger))).toBe(1);
    expect(await flowed()).toBeGreaterThan(before[0]);
    expect(await spent()).toEqual(before[1]);
  });
});
