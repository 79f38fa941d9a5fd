import { SYSTEM } from '../../src/audit/change';
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { DiagnosisService } from '../../src/admin/diagnosis/diagnosis.service';
import type { Verdict } from '../../src/admin/diagnosis/verdict';
import { ChangesService } from '../../src/audit/changes.service';
import { NumberRefsService } from '../../src/audit/number-refs.service';
import { RefusalsService } from '../../src/audit/refusals.service';
import { LoginRefusedException } from '../../src/auth/hooks';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { CodeRequestService } from '../../src/auth/methods/code-request.service';
import { BlockGuardService } from '../../src/codes/blocks/block-guard.service';
import { BlocksService, type BlockScope } from '../../src/codes/blocks/blocks.service';
import { type ErrorCode, ERRORS } from '../../src/common/errors';
import type { E164 } from '../../src/common/phone-number';
import { RefusedRequestsService } from '../../src/contract/refused-requests.service';
import { ConversionMonitorService } from '../../src/sms/conversion-monitor.service';
import { change } from '../../src/storage/queries';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { SmsSenderService } from '../../src/sms/sms-sender.service';
import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { passTime } from '../support/clock';
import { otherThan } from '../support/codes';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { answerTo, letLieDormant, ticketFor } from '../support/dormant-numbers';
import { dumpRedis } from '../support/dumps';
import { userIdOf } from '../support/jwt';
import { lapseBreakers, lapseCode } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { changeNumber } from '../support/number-changes';
import { giveRoles, newOperator } from '../support/operators';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const SUPPORT = readFileSync('docs/support.md', 'utf8');

/** The cells of the row of a table there, without marks. */
function rowOf(what: string): string[] {
  const row = SUPPORT.split('\n').find((line) => line.startsWith(`| ${what} `));
  return (row ?? '')
    .split('|')
    .slice(1)
    .map((cell) => cell.replaceAll('`', '').trim());
}

/** `by: operator`, one after the other. */
const spelled = (evidence: object) =>
  JSON.stringify(evidence).replaceAll('"', '').replaceAll(':', ': ');

/** Whom a hook refuses. */
const REFUSED_NAME = 'not welcome';

function beforeLogin({ name }: { name: string }): void {
  if (name === REFUSED_NAME) throw new LoginRefusedException();
}

let ids = 1;
const firstBlock = (verdicts: Verdict[]) => verdicts.find(({ verdict }) => verdict === 'blocks');
const ofRequest = ({ body }: Answer) => ({ request_id: body.request_id });

describe.each(MODES)('the diagnosis (%s)', (mode) => {
  let app: TestApp;
  let viewer: UserWithPassword;
  let support: UserWithPassword;

  beforeAll(async () => {
    const env = {
      SMS_COUNTRIES: 'CN',
      TRUST_PROXY: '1',
      CAPTCHA: 'altcha',
      LIMITS: 'code-cooldown=1/1s',
    };
    app = await TestApp.start({ mode, env, hooks: { beforeLogin } });
    viewer = await newOperator(app, 'viewer');
    support = await newOperator(app, 'support');
  });
  afterEach(async () => {
    app.inbox.status = 200;
    app.inbox.statusOf.clear();
    lapseBreakers(app);
    await app.sql.getRepository(SmsFlow).clear();
    jest.restoreAllMocks();
  });
  afterAll(() => app.close());

  const ask = (mobile: string, from: object = fromNewAddress()) =>
    app.post('/auth/codes', { mobile }, from);
  const type = (mobile: string, code: string, from: object = fromNewAddress(), more = {}) =>
    app.post('/auth/tokens', { mobile, code, ...more }, from);
  const refOf = (mobile: string) => app.nest.get(NumberRefsService).refOf(mobile as E164);
  const diagnose = (question: object, { token } = viewer) =>
    app.post('/admin/diagnosis', question, { token });
  const verdictsOn = async (question: object, operator = viewer): Promise<Verdict[]> =>
    (await diagnose(question, operator)).body.verdicts;
  const codeOf = async (question: object, operator = viewer) =>
    (await verdictsOn(question, operator)).find(({ check }) => check === 'code')!;
  const ofNumber = (mobile: string) => ({ number_ref: refOf(mobile) });

  async function shut(target: string, scope: BlockScope): Promise<void> {
    await app.nest.get(BlocksService).add(target, 60, { actor: SYSTEM }, scope);
    await app.nest.get(BlockGuardService)['read']();
  }

  async function sentAndUsed(mobile: string, sent: number, used: number): Promise<void> {
    const monitor = app.nest.get(ConversionMonitorService);
    const at = new Date(Date.now() - 10 * 60_000);
    for (let i = 0; i < sent; i++) await change(app.sql, monitor.sent(mobile as E164, at));
    for (let i = 0; i < used; i++) await monitor.verified(mobile as E164, at);
  }

  async function spendBudget(): Promise<void> {
    const far = (Date.now() + 30 * 86_400_000) * 1000;
    await app.sql.getRepository(SmsFlow).insert({ scope: '*', fresh: far, home: far, total: far });
  }

  function openBreaker(): void {
    app.nest.get(SmsSenderService)['breakerOf']('webhook', 'CN')['open']();
  }

  /** A number with a code on its phone, and who asked for it. */
  async function withCode(from = fromNewAddress()) {
    const mobile = randomMobile();
    const { body } = await ask(mobile, from);
    return { mobile, code: app.inbox.codeFor(mobile), challenge: body.challenge as string, from };
  }

  async function disabledUser() {
    const user = await app.logIn();
    await app.nest.get(UserOperationsService).disable(userIdOf(user.token));
    return user;
  }

  /** Brings each answer about, and says by what a support agent would ask. */
  const SCENARIOS: Partial<Record<ErrorCode, () => Promise<object>>> = {
    VALIDATION_FAILED: async () => ofRequest(await app.post('/auth/codes', { mobile: '1' })),
    NUMBER_UNREACHABLE: async () => {
      const mobile = randomMobile();
      app.inbox.statusOf.set(mobile, 422);
      await ask(mobile);
      return ofNumber(mobile);
    },
    COUNTRY_NOT_SERVED: async () => ofNumber('+14155552671'),
    INVALID_CODE: async () => {
      const { mobile, code, from } = await withCode();
      return ofRequest(await type(mobile, otherThan(code), from));
    },
    INVALID_CREDENTIALS: async () => {
      const { credentials } = await registerWithPassword(app);
      return ofRequest(await app.post('/auth/login', { ...credentials, password: 'a wrong one' }));
    },
    INVALID_CLIENT: async () => ofRequest(await app.post('/auth/introspect', { token: 'x' })),
    UNAUTHORIZED: async () => ofRequest(await app.get('/auth/sessions')),
    REFRESH_TOKEN_NOT_ALLOWED: async () => {
      const { refresh_token: token } = await app.logIn();
      return ofRequest(await app.get('/auth/sessions', { token }));
    },
    WRONG_REFRESH_TOKEN: async () => {
      const { token, refresh_token } = await app.logIn();
      await app.delete('/auth/tokens', { token });
      return ofRequest(await app.put('/auth/tokens', undefined, { token: refresh_token }));
    },
    USER_DISABLED: async () => ofNumber((await disabledUser()).mobile),
    NUMBER_MOVED: async () => {
      const user = await app.logIn();
      await changeNumber(app, user);
      return ofNumber(user.mobile);
    },
    NUMBER_PERHAPS_REASSIGNED: async () => {
      const user = await app.logIn();
      await letLieDormant(app, user);
      return ofNumber(user.mobile);
    },
    NUMBER_CLAIM_WAITS: async () => {
      const user = await registerWithPassword(app);
      await letLieDormant(app, user);
      const ticket = await ticketFor(app, user.mobile);
      return ofRequest(await answerTo(app, { ticket, mine: true }));
    },
    NUMBER_CLAIM_REFUSED: async () => {
      const user = await registerWithPassword(app);
      await giveRoles(app, userIdOf(user.token), 'support');
      await letLieDormant(app, user);
      const ticket = await ticketFor(app, user.mobile);
      return ofRequest(await answerTo(app, { ticket, mine: true }));
    },
    LOGIN_REFUSED: async () => {
      const { mobile, token } = await app.logIn();
      await app.patch('/users/me', { name: REFUSED_NAME }, { token });
      const from = fromNewAddress();
      await ask(mobile, from);
      return ofRequest(await type(mobile, app.inbox.codeFor(mobile), from));
    },
    NOT_FOUND: async () => {
      const { token } = await app.logIn();
      return ofRequest(await app.delete('/auth/sessions/1', { token }));
    },
    PAYLOAD_TOO_LARGE: async () =>
      ofRequest(await app.post('/auth/codes', { mobile: '1'.repeat(20_000) })),
    UNSUPPORTED_MEDIA_TYPE: async () => {
      const headers = { 'content-type': 'text/plain' };
      return ofRequest(await app.post('/auth/codes', 'a text', { headers }));
    },
    CAPTCHA_REQUIRED: async () => {
      const mobile = randomMobile();
      await sentAndUsed(mobile, 20, 8);
      return ofRequest(await ask(mobile));
    },
    TOO_MANY_REQUESTS: async () => {
      const { mobile } = await withCode();
      await shut(mobile, 'all');
      return ofNumber(mobile);
    },
    INTERNAL: async () => {
      jest.spyOn(app.nest.get(CodeRequestService), 'send').mockRejectedValueOnce(new Error('bug'));
      return ofRequest(await ask(randomMobile()));
    },
    UNAVAILABLE: async () => {
      const mobile = randomMobile();
      app.inbox.status = 500;
      await ask(mobile);
      return ofNumber(mobile);
    },
    SMS_BUDGET_SPENT: async () => {
      await spendBudget();
      return ofNumber(randomMobile());
    },
    SMS_PAUSED: async () => {
      const mobile = randomMobile();
      await shut(mobile, 'messages');
      return ofNumber(mobile);
    },
  };

  /** What no route of `/auth` answers, and what no route has read. */
  const ELSEWHERE: ErrorCode[] = [
    'RECENT_LOGIN_REQUIRED',
    'RECENT_CODE_REQUIRED',
    'STEP_UP_REQUIRED',
    'FORBIDDEN',
    'MOBILE_TAKEN',
    'MOBILE_CHANGE_ACTIVE',
    'USERNAME_TAKEN',
    'LAST_ADMIN',
    'REQUEST_REFUSED',
    'INSUFFICIENT_SCOPE' as ErrorCode,
  ];

  it('has a scenario for every error that /auth can answer', () => {
    const known = new Set([...Object.keys(SCENARIOS), ...ELSEWHERE]);

    expect(Object.keys(ERRORS).filter((code) => !known.has(code))).toEqual([]);
  });

  it.each(Object.keys(SCENARIOS) as ErrorCode[])('names %s first', async (errorCode) => {
    const question = await SCENARIOS[errorCode]!();

    const verdicts = await verdictsOn(question);

    expect(firstBlock(verdicts)).toMatchObject({ error_code: errorCode });
  });

  describe('of a code that never arrives', () => {
    it.each<[what: string, bring: (mobile: string) => Promise<unknown>, found: object]>([
      [
        'paused by an operator',
        (mobile) => shut(mobile, 'messages'),
        { check: 'pause', evidence: { by: 'operator' } },
      ],
      ['budget', () => spendBudget(), { check: 'budget', evidence: { reason: 'budget' } }],
      [
        'breaker',
        async () => openBreaker(),
        { check: 'provider', evidence: { route: [{ provider: 'webhook', breaker: 'open' }] } },
      ],
      [
        'refused by the provider',
        async (mobile) => {
          app.inbox.statusOf.set(mobile, 422);
          await ask(mobile);
        },
        {
          check: 'delivery',
          evidence: { messages: [{ outcome: 'refused', provider_code: 'HTTP 422' }] },
        },
      ],
      [
        'sent and not delivered',
        async (mobile) => {
          await ask(mobile);
          const deliveries = app.sql.getRepository(SmsDelivery);
          const numberRef = refOf(mobile);
          await deliveries.update({ numberRef }, { receipt: 'failed', receiptCode: '30003' });
          const code = await deliveries.findOneByOrFail({ numberRef });
          const notice = { audience: 'notice', receipt: 'delivered' } as const;
          const createdAt = new Date(+code.createdAt + 1);
          await deliveries.insert({ ...code, ...notice, id: String(ids++), createdAt });
        },
        {
          check: 'delivery',
          evidence: { messages: [{ outcome: 'sent', receipt: 'failed', receipt_code: '30003' }] },
        },
      ],
    ])('says as docs/support.md does: %s', async (what, bring, found) => {
      const mobile = randomMobile();
      await bring(mobile);

      const verdict = firstBlock(await verdictsOn(ofNumber(mobile)))!;
      expect(verdict).toMatchObject(found);
      const [, check, evidence] = rowOf(what);
      expect(check).toBe(verdict.check);
      expect(spelled(verdict.evidence)).toContain(evidence);
    });
  });

  describe('of a code that is invalid', () => {
    it.each<[reason: string, bring: () => Promise<string>, evidence: object]>([
      [
        'wrong',
        async () => {
          const { mobile, code, from } = await withCode();
          await type(mobile, otherThan(code), from);
          await type(mobile, otherThan(code, 2), from);
          return mobile;
        },
        { wrong_codes: 2 },
      ],
      [
        'expired',
        async () => {
          const { mobile, code, from } = await withCode();
          await lapseCode(app, mobile, 301);
          await type(mobile, code, from);
          return mobile;
        },
        { dead_codes: [{ state: 'expired' }] },
      ],
      [
        'used',
        async () => {
          const { mobile, code, from } = await withCode();
          await type(mobile, code, from);
          await type(mobile, code, from);
          return mobile;
        },
        { dead_codes: [{ state: 'used' }] },
      ],
      [
        'lane_exhausted',
        async () => {
          const { mobile, code, from } = await withCode();
          for (let i = 1; i <= 3; i++) await type(mobile, otherThan(code, i), from);
          await type(mobile, code, from);
          return mobile;
        },
        { wrong_codes: 4 },
      ],
      [
        'other_number',
        async () => {
          const [meant, typed] = [await withCode(), randomMobile()];
          const { challenge, code } = meant;
          await type(typed, code, meant.from, { challenge });
          return typed;
        },
        { is_perhaps_of_another: true },
      ],
    ])('says as docs/support.md does: %s', async (reason, bring, evidence) => {
      expect(rowOf(reason)[1]).toBe(reason);
      const verdicts = await verdictsOn(ofNumber(await bring()), support);

      expect(firstBlock(verdicts)).toMatchObject({
        check: 'code',
        error_code: 'INVALID_CODE',
        evidence: { reason, ...evidence },
      });
    });
  });

  it('says nothing of a code that still works to viewers, and that it works to support', async () => {
    const { mobile, code, from } = await withCode();
    const { body: refusal } = await type(mobile, otherThan(code), from);
    const withheld = { dead_codes: [], withheld_until: expect.any(String) };

    for (const question of [ofNumber(mobile), ofRequest({ body: refusal } as Answer)]) {
      expect(await codeOf(question)).toMatchObject({ error_code: 'INVALID_CODE', since: null });
      expect((await codeOf(question)).evidence).toEqual(withheld);
      expect(JSON.stringify(await verdictsOn(question))).not.toContain('"reason":"wrong"');
    }
    expect((await codeOf(ofNumber(mobile), support)).evidence).toMatchObject({
      reason: 'wrong',
      wrong_codes: 1,
      live_codes: [{ state: 'sent', expires_at: expect.any(String) }],
    });

    await lapseCode(app, mobile, 301);
    expect((await codeOf(ofNumber(mobile))).evidence).toMatchObject({
      reason: 'wrong',
      dead_codes: [{ state: 'expired' }],
      live_codes: [],
    });
  });

  it('says no code, number or network', async () => {
    const { mobile, code, from } = await withCode();
    await type(mobile, otherThan(code), from);

    const text = JSON.stringify(await verdictsOn(ofNumber(mobile), support));

    expect(text).not.toContain(code);
    expect(text).not.toContain(mobile.slice(-8));
    expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
  });

  it('knows what was refused on any node, however often somebody has looked since', async () => {
    const mobile = randomMobile() as E164;
    await type(mobile, '000000');
    await app.nest.get(RefusalsService).flush();
    app.nest.get(RefusedRequestsService)['refused'].clear();
    const looked = { action: 'admin.called', actor: SYSTEM, mobile } as const;
    for (let count = 0; count < 20; count++) await app.nest.get(ChangesService).record(looked);

    expect((await codeOf(ofNumber(mobile))).verdict).toBe('blocks');
  });

  it('says since when a user is disabled, whatever was done to them since', async () => {
    const { token } = await disabledUser();
    const of = { user: userIdOf(token) };
    const since = async () => firstBlock(await verdictsOn(of))!.since;
    const before = await since();

    passTime(3_600_000);
    await app.nest.get(UserOperationsService).reveal(of.user, { actor: SYSTEM });

    expect(before).not.toBeNull();
    expect(await since()).toBe(before);
  });

  it('writes nothing, and asks no provider', async () => {
    const { mobile, from, code } = await withCode();
    await type(mobile, otherThan(code), from);
    openBreaker();
    const within = new AsyncLocalStorage<true>();
    const statements: string[] = [];
    jest.spyOn(app.sql.logger, 'logQuery').mockImplementation((text) => {
      if (within.getStore()) statements.push(text);
    });
    const inRedis = async (): Promise<Record<string, string>> =>
      mode === 'standard' ? dumpRedis(app.env.REDIS_URL!) : {};
    const [before, attempts] = [await inRedis(), app.inbox.attempts];

    const service = app.nest.get(DiagnosisService);
    await within.run(true, () => service.diagnoseNumber(mobile as E164));

    expect(statements.length).toBeGreaterThan(3);
    expect(statements.filter((text) => !/^\s*SELECT\b/i.test(text))).toEqual([]);
    // What was there may have lapsed meanwhile.
    const written = Object.entries(await inRedis()).filter(([key, value]) => before[key] !== value);
    expect(written).toEqual([]);
    expect(app.inbox.attempts).toBe(attempts);
    const outlook = await app.nest.get(SmsSenderService).outlookFor(mobile as E164);
    expect(outlook).toMatchObject([{ provider: 'webhook', openMs: expect.any(Number) }]);
  });

  it('is for operators, and about one thing', async () => {
    const { token, mobile } = await app.logIn();

    const answers = [
      await app.post('/admin/diagnosis', ofNumber(mobile), { token }),
      await diagnose({}),
      await diagnose({ ...ofNumber(mobile), user: '1' }),
      await diagnose({ number_ref: 'x'.repeat(43) }),
      await diagnose({ user: '1' }),
      await diagnose({ request_id: 'unknown' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 400, 400, 404, 404, 404]);
  });
});
