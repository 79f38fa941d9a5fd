import { mutantsOf } from '../../test/support/mutants';
import type { E164 } from '../common/phone-number';
import { KeyRing } from '../config/key-ring';
import { DeviceTokensService } from './device-tokens.service';

const MOBILE = '+8613812345678' as E164;
const OTHER = '+8613812345679' as E164;
const DAY = 86_400_000;

describe('device tokens', () => {
  const tokens = new DeviceTokensService(new KeyRing('a key'));

  afterEach(() => jest.useRealTimers());

  it('tell the devices of a number from each other and from strangers', () => {
    const [first, second] = [tokens.issue(MOBILE), tokens.issue(MOBILE)];

    const holders = [first, second, undefined].map((token) => tokens.deviceOf(MOBILE, token));

    expect(new Set(holders).size).toBe(3);
    expect(holders[2]).toBeNull();
    expect(tokens.deviceOf(MOBILE, first)).toBe(holders[0]);
  });

  it('say nothing about another number, or under another key', () => {
    const token = tokens.issue(MOBILE);

    expect(tokens.deviceOf(OTHER, token)).toBeNull();
    expect(new DeviceTokensService(new KeyRing('another key')).deviceOf(MOBILE, token)).toBeNull();
  });

  it('outlive a change of the secret', () => {
    const changed = new DeviceTokensService(new KeyRing('a new key', 'a key'));

    expect(changed.deviceOf(MOBILE, tokens.issue(MOBILE))).not.toBeNull();
  });

  it('are none once a character is changed, added or dropped', () => {
    const token = tokens.issue(MOBILE);

    const accepted = [...mutantsOf(token)].filter((mutant) => tokens.deviceOf(MOBILE, mutant));

    expect(accepted).toEqual([]);
  });

  it('last 400 days', () => {
    const token = tokens.issue(MOBILE);

    jest.useFakeTimers({ now: Date.now() + 400 * DAY });
    expect(tokens.deviceOf(MOBILE, token)).not.toBeNull();
    jest.useFakeTimers({ now: Date.now() + DAY });
    expect(tokens.deviceOf(MOBILE, token)).toBeNull();
  });
});
