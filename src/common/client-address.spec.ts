import { addressBucket } from './client-address';

describe('the limit bucket of a client address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, bucket) => {
    expect(addressBucket(address)).toBe(bucket);
  });

  it('is one for the whole /64 of a subscriber, and another for the next', () => {
    const subscriber = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'].map(addressBucket);

    expect(new Set(subscriber).size).toBe(1);
    expect(subscriber).not.toContain(addressBucket('2001:db8:1:3::1'));
  });

  it.each(['203.0.113.7:41234', '[2001:db8:1:2::1]:41234', '[2001:db8:1:2::1]'])(
    'leaves out what a proxy writes around the address: %s',
    (address) => {
      expect(['203.0.113.7', '2001:db8:1:2::/64']).toContain(addressBucket(address));
    },
  );

  it.each(['', 'unknown', '_hidden', '203.0.113.700', 'a b'])(
    'is one for everything that is no address: %j',
    (address) => {
      expect(addressBucket(address)).toBe('unknown');
    },
  );
});
