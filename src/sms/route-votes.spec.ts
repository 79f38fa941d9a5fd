import * as fc from 'fast-check';
import type { ProviderName } from '../config/sms-env';
import { firstOf, ranked, type Sent } from './route-votes';

let sent = 0;
const message = (about: Partial<Sent> = {}): Sent => ({
  challengeId: `challenge ${++sent}`,
  country: 'CN',
  provider: 'webhook',
  numberRef: `number ${sent}`,
  network: `network ${sent}`,
  isUsed: true,
  ...about,
});
const many = (count: number, about: Partial<Sent> = {}) =>
  Array.from({ length: count }, () => message(about));
const sharesOf = (messages: Sent[]) => Object.fromEntries(ranked(messages).get('CN') ?? []);

const poor = () => [...many(10), ...many(10, { isUsed: false })];

const ROUTE: ProviderName[] = ['webhook', 'twilio', 'sns'];
const PRICES: Partial<Record<ProviderName, number>> = { webhook: 10, twilio: 20, sns: 21 };
const first = (messages: Sent[]) =>
  firstOf(ROUTE, ranked(messages).get('CN'), (name) => PRICES[name]!);

describe('votes on providers', () => {
  it('are the codes that were used, of twenty numbers at least', () => {
    expect(sharesOf([...many(15), ...many(5, { isUsed: false })])).toEqual({ webhook: 0.75 });
    expect(sharesOf(many(19))).toEqual({});
  });

  it('are one of each number, the newest, and three of each network', () => {
    const stubborn = many(1000, { numberRef: 'one', isUsed: false });
    const farm = many(1000, { network: 'one', isUsed: false });

    expect(sharesOf([...many(20), ...stubborn])).toEqual({ webhook: 20 / 21 });
    expect(sharesOf([...many(20), ...farm])).toEqual({ webhook: 20 / 23 });
  });

  it('go to the provider that sent last: the code of the one before was not used', () => {
    const pairs = many(20).flatMap((one) => [{ ...one, provider: 'twilio' as const }, one]);

    expect(sharesOf(pairs)).toEqual({ twilio: 1, webhook: 0 });
  });

  it('go to the one before, when what was sent last was asked for in another network than the one of the login', () => {
    const pairs = many(20).flatMap((one) => [
      { ...one, provider: 'twilio' as const, network: `other ${one.network}`, isUsed: false },
      one,
    ]);

    expect(sharesOf(pairs)).toEqual({ twilio: 0, webhook: 1 });
  });

  it('count in their country', () => {
    const ranking = ranked([...many(20, { country: 'HK' }), ...many(20, { isUsed: false })]);

    expect(ranking.get('HK')!.get('webhook')).toBe(1);
    expect(ranking.get('CN')!.get('webhook')).toBe(0);
  });
});

describe('the provider that goes first', () => {
  it('is one whose codes are clearly used more', () => {
    expect(first([...poor(), ...many(20, { provider: 'twilio' })])).toBe('twilio');
  });

  it('is the configured one while nothing better is known', () => {
    expect(first([])).toBe('webhook');
    expect(first(poor())).toBe('webhook');
    expect(first(many(20, { provider: 'twilio' }))).toBe('webhook');
    expect(first([...poor(), ...many(12, { provider: 'twilio' })])).toBe('webhook');
  });

  it('never costs more than twice as much, whatever the votes', () => {
    const vote = fc.record({
      provider: fc.constantFrom(...ROUTE),
      isUsed: fc.boolean(),
      count: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 12 }), (votes) => {
        const messages = votes.flatMap(({ count, ...about }) => many(count, about));

        expect(['webhook', 'twilio']).toContain(first(messages));
      }),
    );
    expect(first([...poor(), ...many(20, { provider: 'sns' })])).toBe('webhook');
  });
});
