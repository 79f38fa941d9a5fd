import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { type Answer as ApiAnswer, HttpRecorder } from '../support/http-recorder';
import { lapseBreakers, lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { LAST_MODE, MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { SmsSpend } from '../../src/sms/sms-spend.entity';

const TENCENT_TOOK = {
  body: { Response: { SendStatusSet: [{ SerialNo: '5000:16', Code: 'Ok' }] } },
};
const TWILIO_TOOK = { status: 201, body: { sid: 'SM11111111111111111111111111111111' } };
const DOWN = { status: 500, body: { message: 'down' } };
const NOT_A_NUMBER = { status: 400, body: { code: 21_211, message: 'not valid', status: 400 } };

/** Milliseconds: of three providers two may take three seconds each, and callers wait no ten. */
const DEADLINE = 10_000;

/** Millionths, for a message to China. */
const PRICES = { twilio: 60_000, tencent: 10_000, webhook: 50_000 };

/** The APIs of two providers, and the app that uses them and the webhook. */
class Providers {
  private constructor(
    readonly app: TestApp,
    readonly twilio: HttpRecorder,
    readonly tencent: HttpRecorder,
  ) {}

  static async start(env: Record<string, string>, mode = MODES[0]!): Promise<Providers> {
    const [twilio, tencent] = [await HttpRecorder.start(), await HttpRecorder.start()];
    twilio.answer(TWILIO_TOOK);
    tencent.answer(TENCENT_TOOK);
    const accounts = {
      TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
      TWILIO_AUTH_TOKEN: 'the auth token of a test',
      TWILIO_FROM: '+15005550006',
      TWILIO_ENDPOINT: twilio.url,
      TENCENT_SECRET_ID: 'the secret id of a test',
      TENCENT_SECRET_KEY: 'the secret key of a test',
      TENCENT_SDK_APP_ID: '1400006666',
      TENCENT_TEMPLATES: '1110',
      TENCENT_ENDPOINT: tencent.url,
    };
    const app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', ...accounts, ...env } });
    return new Providers(app, twilio, tencent);
  }

  ask = (mobile = randomMobile()): Promise<Answer> =>
    this.app.post('/auth/codes', { mobile }, fromNewAddress());

  /** Asks for the code of another number each. */
  async askFor(numbers: number): Promise<{ mobiles: string[]; answers: Answer[] }> {
    const mobiles = Array.from({ length: numbers }, () => randomMobile());
    return { mobiles, answers: await Promise.all(mobiles.map((mobile) => this.ask(mobile))) };
  }

  /** Those that the webhook has taken a message for. */
  arrivedAt = (mobiles: string[]) =>
    mobiles.filter((mobile) => this.app.inbox.messages.some(({ to }) => to === mobile));

  /** How many messages each was offered. */
  get offered() {
    return {
      tencent: this.tencent.requests.length,
      twilio: this.twilio.requests.length,
      webhook: this.app.inbox.attempts,
    };
  }

  /** In the order in which they were tried. */
  deliveries = () => this.app.sql.getRepository(SmsDelivery).find({ order: { id: 'ASC' } });

  spent = () => this.app.sql.getRepository(SmsSpend).findOneBy({ scope: '*' });

  async close(): Promise<void> {
    await this.app.close();
    await Promise.all([this.twilio.close(), this.tencent.close()]);
  }
}

const statusesOf = (answers: Answer[]) => answers.map(({ status }) => status);

describe.each(LAST_MODE)(
  'with one provider that hangs, one that fails and one that works (%s)',
  (mode) => {
    let providers: Providers;

    beforeAll(async () => {
      providers = await Providers.start({ SMS_PROVIDERS: 'tencent,twilio,webhook' }, mode);
      providers.tencent.answer('hang');
      providers.twilio.answer(DOWN);
    });
    afterAll(() => providers.close());

    it(
      'the code arrives in time, and works',
      async () => {
        const mobile = randomMobile();

        const { status } = await providers.ask(mobile);
        const code = providers.app.inbox.codeFor(mobile);
        const login = await providers.app.post('/auth/tokens', { mobile, code });

        expect(status).toBe(202);
        expect(login.status).toBe(201);
        expect(providers.offered).toEqual({ tencent: 1, twilio: 1, webhook: 1 });
      },
      DEADLINE,
    );

    it('every attempt is on record, and soon that the code was used', async () => {
      const [hung, failed, took] = await providers.deliveries();

      const { to, raw } = providers.app.inbox.messages[0]!;
      const common = {
        challengeId: expect.stringMatching(/^[0-9a-f]{32}$/),
        mobile: `${to.slice(0, 6)}****${to.slice(-4)}`,
        country: 'CN',
        audience: 'fresh',
        createdAt: expect.any(Date),
      };
      const [tencent, twilio, webhook] = ['tencent', 'twilio', 'webhook'];
      const noId = { providerMessageId: null };
      expect(hung).toMatchObject({
        ...common,
        ...noId,
        provider: tencent,
        outcome: 'unknown',
        price: PRICES.tencent,
      });
      expect(failed).toMatchObject({
        ...common,
        ...noId,
        provider: twilio,
        outcome: 'failed',
        price: 0,
      });
      expect(took).toMatchObject({
        ...common,
        provider: webhook,
        providerMessageId: raw.headers['webhook-id'],
        outcome: 'sent',
        price: PRICES.webhook,
      });
      expect(new Set([hung, failed, took].map((one) => one!.challengeId)).size).toBe(1);
      await until(async () => (await providers.deliveries())[2]!.verifiedAt !== null);
    });

    it('the budget gets back what failed, and keeps what may have gone out', async () => {
      const price = PRICES.tencent + PRICES.webhook;

      expect(await providers.spent()).toMatchObject({ total: price, fresh: price });
    });

    it('the dead ones are spared after three messages, and the code arrives at once', async () => {
      const failing = await providers.askFor(2);
      const { offered } = providers;

      const spared = await providers.askFor(10);

      const mobiles = [...failing.mobiles, ...spared.mobiles];
      expect(offered).toEqual({ tencent: 3, twilio: 3, webhook: 3 });
      expect(providers.offered).toEqual({ ...offered, webhook: 13 });
      expect(statusesOf([...failing.answers, ...spared.answers])).toEqual(Array(12).fill(202));
      expect(providers.arrivedAt(mobiles)).toEqual(mobiles);
    });

    it('a dead one is tried again after a pause, and used when it is back', async () => {
      providers.tencent.answer(TENCENT_TOOK);
      lapseBreakers(providers.app);
      const { webhook } = providers.offered;

      const { answers } = await providers.askFor(3);

      const [last] = (await providers.deliveries()).toReversed();
      expect(statusesOf(answers)).toEqual([202, 202, 202]);
      expect(providers.offered).toMatchObject({ tencent: 3, webhook });
      expect(last).toMatchObject({
        provider: 'tencent',
        providerMessageId: '5000:16',
        outcome: 'sent',
        price: PRICES.tencent,
      });
    });
  },
);

describe.each(MODES)('with every provider down (%s)', (mode) => {
  let providers: Providers;

  beforeAll(async () => {
    providers = await Providers.start({ SMS_PROVIDERS: 'twilio,tencent,webhook' }, mode);
    providers.twilio.answer(DOWN);
    providers.tencent.answer('reset');
    providers.app.inbox.status = 500;
  });
  afterAll(() => providers.close());

  it('sending is unavailable, and costs the caller and the budget nothing', async () => {
    const mobile = randomMobile();
    // More than the limits of a number would allow.
    const refused: Answer[] = [];
    for (let attempt = 0; attempt < 6; attempt++) refused.push(await providers.ask(mobile));
    const spent = await providers.spent();
    const failures = await providers.deliveries();
    providers.twilio.answer(TWILIO_TOOK);
    lapseBreakers(providers.app);

    const answer = await providers.ask(mobile);

    for (const refusal of refused) {
      expectRefusal(refusal, 'UNAVAILABLE');
      expect(refusal.headers.get('retry-after')).toMatch(/^[1-9][0-9]?$/);
    }
    expect(spent).toMatchObject({ total: 0, fresh: 0 });
    expect(failures.map(({ outcome }) => outcome)).toEqual(Array(18).fill('failed'));
    expect(answer.status).toBe(202);
  });
});

describe('a message that is asked for again', () => {
  let providers: Providers;

  beforeAll(async () => {
    providers = await Providers.start({ SMS_PROVIDERS: 'twilio,tencent,webhook' });
  });
  afterAll(() => providers.close());

  const ask = async (mobile: string) => {
    await lapseCooldown(providers.app, mobile);
    const { status } = await providers.ask(mobile);
    expect(status).toBe(202);
    return (await providers.deliveries()).at(-1)!.provider;
  };

  it('comes from another provider than the last, with the same code', async () => {
    const mobile = randomMobile();

    const senders = [await ask(mobile), await ask(mobile), await ask(mobile)];

    const codes = providers.twilio.requests.map(({ body }) =>
      /\d{6}/.exec(new URLSearchParams(body).get('Body')!)?.at(0),
    );
    const [code] = JSON.parse(providers.tencent.requests[0]!.body).TemplateParamSet;
    expect(senders).toEqual(['twilio', 'tencent', 'twilio']);
    expect(codes).toEqual([code, code]);
  });

  it('comes from the last one still when the others are down', async () => {
    const mobile = randomMobile();
    await ask(mobile);
    providers.tencent.answer(DOWN);
    providers.app.inbox.status = 500;

    expect(await ask(mobile)).toBe('twilio');
  });
});

describe('SMS_ROUTES', () => {
  let providers: Providers;

  beforeAll(async () => {
    providers = await Providers.start({
      SMS_PROVIDERS: 'webhook',
      SMS_ROUTES: 'CN:tencent,webhook,*:twilio',
    });
  });
  beforeEach(() => {
    providers.tencent.answer(TENCENT_TOOK);
    providers.twilio.answer(TWILIO_TOOK);
  });
  afterAll(() => providers.close());

  const pathOf = async (mobile: string) => {
    const known = (await providers.deliveries()).length;
    const { status } = await providers.ask(mobile);
    const added = (await providers.deliveries()).slice(known);
    return { status, tried: added.map(({ provider, country }) => `${provider} ${country}`) };
  };

  it('choose the providers by country', async () => {
    expect([
      await pathOf(randomMobile()),
      await pathOf('+447400123456'),
      await pathOf('+85251234567'),
    ]).toEqual([
      { status: 202, tried: ['tencent CN'] },
      { status: 202, tried: ['twilio GB'] },
      { status: 202, tried: ['twilio HK'] },
    ]);
  });

  it('have their own order to fall back, and no other provider', async () => {
    providers.tencent.answer(DOWN);
    providers.twilio.answer(DOWN);

    expect([await pathOf(randomMobile()), await pathOf('+447400123457')]).toEqual([
      { status: 202, tried: ['tencent CN', 'webhook CN'] },
      { status: 503, tried: ['twilio GB'] },
    ]);
  });
});

describe('a provider that refuses numbers', () => {
  let providers: Providers;

  beforeEach(async () => {
    providers = await Providers.start({ SMS_PROVIDERS: 'twilio,webhook' });
  });
  afterEach(() => providers.close());

  const refusals: [string, ApiAnswer, number][] = [
    ['is not spared: it works for others', NOT_A_NUMBER, 10],
    [
      'is spared when it says that it knows no such account',
      { status: 401, body: { code: 20_003 } },
      0,
    ],
  ];

  it.each(refusals)('%s', async (_what, refusal, offered) => {
    providers.twilio.answer(refusal);
    await providers.askFor(10);
    providers.twilio.answer(TWILIO_TOOK);

    const { mobiles, answers } = await providers.askFor(10);

    expect(statusesOf(answers)).toEqual(Array(10).fill(202));
    expect(providers.offered.twilio).toBe(offered);
    expect(providers.arrivedAt(mobiles)).toHaveLength(10 - offered);
  });
});
