import { CAPTCHA, type Captcha } from '../../src/codes/captcha/captcha';
import { type Charges, chargesOf } from '../../src/codes/charges';
import { LimiterService } from '../../src/codes/limiter.service';
import type { Counted } from '../../src/codes/limits';
import { networksOf } from '../../src/common/networks';
import type { E164 } from '../../src/common/phone-number';
import { NotSentException } from '../../src/sms/not-sent';
import { SmsSenderService } from '../../src/sms/sms-sender.service';
import { fromNewAddress } from '../support/address';
import { passTime } from '../support/clock';
import { numbersOfBlock } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR_MS = 3_600_000;
const COUNTED: Counted[] = ['request', 'unused message', 'easy message'];
/** What others have raised the counts of an address, and of the numbers around it, by. */
const BY_OTHERS = 5;
const EASY_CODES = 15;

type From = ReturnType<typeof fromNewAddress>;

describe.each(MODES)('what a code gives back that is used (%s)', (mode) => {
  let app: TestApp;
  let limiter: LimiterService;
  const block = numbersOfBlock();

  beforeEach(async () => {
    const LIMITS = 'code-cooldown=99/1m';
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', CAPTCHA: 'altcha', LIMITS } });
    limiter = app.nest.get(LimiterService);
    jest.spyOn(app.nest.get<Captcha>(CAPTCHA), 'verify').mockResolvedValue(true);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const ask = async (mobile: string, from: From, more: object = {}) => {
    const { status } = await app.post('/auth/codes', { mobile, ...more }, from);
    expect(status).toBe(202);
    return app.inbox.codeFor(mobile);
  };
  const enter = async (mobile: string, code: string, from: From, more: object = {}) => {
    const { status, body } = await app.post('/auth/tokens', { mobile, code, ...more }, from);
    expect(status).toBe(201);
    return body.device_token as string;
  };
  /** A number that is known where it asks from, and on its device. */
  const known = async (from: From) => {
    const mobile = block.next().value;
    const device_token = await enter(mobile, await ask(mobile, from), from);
    passTime(2 * HOUR_MS);
    return { mobile, shown: { device_token } };
  };
  const raise = async (mobile: string, from: From) => {
    const [fresh, { 'known-codes-per-prefix': prefix, 'known-codes-per-country': country }] =
      countsOf(mobile, from) as [Charges, Charges];
    const ofKnown = { 'known-codes-per-prefix': prefix, 'known-codes-per-country': country };
    // Two of them are all that there are.
    const { 'crowded-codes-per-address': crowded, ...others } = { ...fresh, ...ofKnown };
    for (let count = 0; count < BY_OTHERS; count++) await limiter.take(others);
    await limiter.take({ 'crowded-codes-per-address': crowded });
  };
  const used = async (mobile: string, from: From) => {
    const usages = await Promise.all(countsOf(mobile, from).map((one) => limiter.usageOf(one)));
    return Object.fromEntries(
      usages.flat().map(({ name, bucket, used: count }) => [`${name} ${bucket}`, count]),
    );
  };

  it.each<[string, { asks?: boolean; logsIn?: boolean } | null]>([
    ['of a stranger', null],
    ['in a network of the user', {}],
    ['on a device', { asks: true, logsIn: true }],
    ['on a device that does not say so when it logs in', { asks: true }],
    ['on a device that says so only then', { logsIn: true }],
  ])('is what its message took: %s', async (_, shows) => {
    const from = fromNewAddress();
    const { mobile, shown } = shows
      ? await known(from)
      : { mobile: block.next().value, shown: undefined };
    await raise(mobile, from);
    const before = await used(mobile, from);

    const code = await ask(mobile, from, shows?.asks ? shown : {});
    const between = await used(mobile, from);
    await enter(mobile, code, from, shows?.logsIn ? shown : {});

    expect(between).not.toEqual(before);
    expect(await used(mobile, from)).toEqual(before);
  });

  it('is nothing of what takes no captcha for one that took one', async () => {
    const [mobile, from] = [block.next().value, fromNewAddress()];
    const [address] = networksOf(from.headers['x-forwarded-for']!);
    for (let count = 0; count < EASY_CODES; count++)
      await limiter.take({ 'easy-codes-per-address': address });
    const before = await used(mobile, from);

    await enter(mobile, await ask(mobile, from, { captcha: 'solved' }), from);

    expect(await used(mobile, from)).toEqual(before);
  });

  it('is all but what counts by address, entered from another one, with or without its handle', async () => {
    const [mobile, asking, other] = [block.next().value, fromNewAddress(), fromNewAddress()];
    for (const shows of [false, true]) {
      const [before, beforeThere] = [await used(mobile, asking), await used(mobile, other)];
      const { body } = await app.post('/auth/codes', { mobile }, asking);
      const asked = await used(mobile, asking);

      const shown = shows ? { challenge: body.challenge } : {};
      await enter(mobile, app.inbox.codeFor(mobile), other, shown);

      const after = await used(mobile, asking);
      expect(ofAddress(after)).toEqual(ofAddress(asked));
      expect({ ...after, ...ofAddress(before) }).toEqual(before);
      expect(await used(mobile, other)).toEqual(beforeThere);
    }
  });

  it('is what its message took also when no provider said that it was sent', async () => {
    const sms = app.nest.get(SmsSenderService);
    const send = sms.send.bind(sms);
    const from = fromNewAddress();
    // Every second one has given back what it took of its address by then.
    for (const mobile of [block.next().value, block.next().value]) {
      await raise(mobile, from);
      const before = await used(mobile, from);
      jest.spyOn(sms, 'send').mockImplementationOnce(async (delivery) => {
        await send(delivery);
        throw new NotSentException('unknown');
      });
      expect((await app.post('/auth/codes', { mobile }, from)).status).toBe(503);

      await enter(mobile, app.inbox.codeFor(mobile), from);

      expect(await used(mobile, from)).toEqual(before);
    }
  });

  it('is nothing of an address where it was not asked for, and nothing twice', async () => {
    const [mobile, asking, other] = [block.next().value, fromNewAddress(), fromNewAddress()];
    for (const from of [asking, other]) await raise(mobile, from);

    const before = await used(mobile, other);
    const code = await ask(mobile, asking);
    const asked = await used(mobile, asking);
    await enter(mobile, code, other);
    expect(ofAddress(await used(mobile, asking))).toEqual(ofAddress(asked));
    expect(await used(mobile, other)).toMatchObject(ofAddress(before));

    await enter(mobile, await ask(mobile, asking), asking);
    const left = await used(mobile, asking);
    await enter(mobile, await ask(mobile, other), asking);
    expect(ofAddress(await used(mobile, asking))).toEqual(ofAddress(left));
  });
});

/** All that any message to such a number might count as, from an address. */
const countsOf = (mobile: string, { headers }: From): Charges[] => {
  const networks = networksOf(headers['x-forwarded-for']!);
  const asked = { does: 'ask', mobile: mobile as E164, networks, isCrowded: true } as const;
  return (['fresh', 'home'] as const).map((audience) =>
    chargesOf({ ...asked, audience }, { counts: COUNTED }),
  );
};

const ofAddress = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).filter(([name]) => name.includes('-per-address')));
