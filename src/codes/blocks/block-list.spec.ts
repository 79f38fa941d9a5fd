import type { E164 } from '../../common/phone-number';
import { KeyRing } from '../../config/key-ring';
import { BlockList } from './block-list';
import { blockTarget } from './block-target';
import { sealsBy } from './sealed-number';

const NUMBER = '+8613812345678' as E164;
const sealsOf = sealsBy(new KeyRing('new secret', 'old secret'));

describe('what is blocked', () => {
  it.each([
    ['a number', '+86 138-1234-5678', '+8613812345678'],
    ['those that begin alike', '+86138*', '+86138*'],
    ['an address', '203.0.113.7', '203.0.113.7'],
    ['a network', '203.0.113.7/20', '203.0.112.0/20'],
    ['an address of IPv6', '2001:db8:1:2::3', '2001:db8:1:2::/64'],
    ['a network of IPv6', '2001:db8:1::/40', '2001:db8:0::/40'],
  ])('has one spelling: %s', (_, text, target) => {
    expect(blockTarget(text)).toBe(target);
    expect(blockTarget(target)).toBe(target);
  });

  it.each(['138*', '0.0.0.0/0', '203.0.113.0/33', '::/0', '2001:db8::/96', 'office', ''])(
    'is not %j',
    (text) => expect(blockTarget(text)).toBeUndefined(),
  );

  it.each([
    [NUMBER, true],
    ['+86138*', true],
    ['+8613812345679', false],
    ['+861381234567*', true],
    ['+86139*', false],
  ])('by %s: the number, %j', (target, isBlocked) => {
    expect(new BlockList(sealsOf, new Map([[target, 5]])).endOfNumber(NUMBER)).toBe(
      isBlocked ? 5 : 0,
    );
  });

  it.each([
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '::ffff:203.0.113.7', true],
    ['203.0.113.7', '203.0.113.7:4711', true],
    ['203.0.113.7', '2002:cb00:7107::1', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['203.0.112.0/20', '203.0.127.255', true],
    ['203.0.112.0/20', '203.0.128.0', false],
    ['2001:db8:1:2::/64', '2001:db8:1:2:ffff::1', true],
    ['2001:db8:0::/40', '2001:db8:ff::1', true],
    ['2001:db8:0::/40', '2001:db8:100::1', false],
    ['203.0.112.0/20', 'unknown', false],
  ])('by %s: the address %s, %j', (target, address, isBlocked) => {
    expect(new BlockList(sealsOf, new Map([[target, 5]])).endOfAddress(address)).toBe(
      isBlocked ? 5 : 0,
    );
  });

  it.each(['new secret', 'old secret'])('knows a number by its seal under the %s', (secret) => {
    const [seal] = sealsBy(new KeyRing(secret))(NUMBER);
    const list = new BlockList(sealsOf, new Map([[seal, 5]]));

    expect(list.endOfNumber(NUMBER)).toBe(5);
    expect(list.endOfNumber('+8613812345679' as E164)).toBe(0);
  });

  it('ends with the last of several blocks', () => {
    const list = new BlockList(
      sealsOf,
      new Map([
        [NUMBER, 7],
        ['+86*', 9],
      ]),
    );

    expect(list.endOfNumber(NUMBER)).toBe(9);
  });
});
