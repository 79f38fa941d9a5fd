import type { E164 } from '../common/phone-number';
import type { Sign } from './send-failure';
import { SmsBreaker } from './sms-breaker';

describe('SmsBreaker', () => {
  let now: number;
  let breaker: SmsBreaker;

  beforeEach(() => {
    now = 0;
    breaker = new SmsBreaker(() => now);
  });

  const send = (sign: Sign, to: number, network: number) => {
    const admission = breaker.admit();
    const asker = { to: `+8613800000${to}` as E164, network: `198.51.${network}.0/24` };
    if (admission !== 'spared') breaker.note(asker, admission, sign);
    return admission;
  };
  const failEverybody = () => [1, 2, 3].map((one) => send('fails', one, one));

  it('opens when a provider fails three numbers of two networks', () => {
    send('fails', 1, 1);
    send('fails', 2, 1);

    expect([send('fails', 3, 2), send('works', 4, 4)]).toEqual(['usual', 'spared']);
  });

  it.each<[what: string, attack: () => unknown]>([
    ['many numbers of one network', () => range(50).map((to) => send('fails', to, 1))],
    ['few numbers of many networks', () => range(50).map((one) => send('fails', one % 2, one))],
    [
      'many numbers of three networks, beside four that are served',
      () => {
        range(4).forEach((one) => send('works', 100 + one, 100 + one));
        range(60).forEach((one) => send('fails', one, one % 3));
      },
    ],
    ['what concerns one message', () => range(50).map((one) => send('nothing', one, one))],
    [
      'what is long ago',
      () => {
        send('fails', 1, 1);
        send('fails', 2, 2);
        now += 61_000;
        send('fails', 3, 3);
      },
    ],
  ])('stays closed after %s', (_, attack) => {
    attack();

    expect(send('works', 1000, 1000)).toBe('usual');
  });

  it('opens at once when the provider takes nothing of us', () => {
    send('refuses us', 1, 1);

    expect(breaker.admit()).toBe('spared');
  });

  it('lets one message through after a pause, and closes when it is taken', () => {
    failEverybody();
    now += 5000;

    const admissions = [breaker.admit(), breaker.admit()];
    breaker.note({ to: '+8613800000009' as E164, network: 'x' }, 'trial', 'works');

    expect(admissions).toEqual(['trial', 'spared']);
    expect(breaker.admit()).toBe('usual');
  });

  it('stays open when the trial fails, and tries the next one when it tells nothing', () => {
    failEverybody();
    now += 5000;

    expect([send('nothing', 4, 4), send('fails', 5, 5), send('works', 6, 6)]).toEqual([
      'trial',
      'trial',
      'spared',
    ]);
  });

  it('remembers a thousand numbers', () => {
    range(3000).forEach((one) => send('works', one, one));

    expect(breaker['experiences'].size).toBe(1000);
  });
});

const range = (length: number) => Array.from({ length }, (_, index) => index);
