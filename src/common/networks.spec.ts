import { addressBucket, coarseNetwork, networksOf } from './networks';

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

describe('the networks of a client address', () => {
  it.each([
    ['203.0.113.7', ['203.0.113.7', '203.0.113.0/24', '203.0.112.0/20']],
    ['255.255.255.255', ['255.255.255.255', '255.255.255.0/24', '255.255.240.0/20']],
    [
      '2001:db8:1234:5678::1',
      [
        '2001:db8:1234:5678::/64',
        '2001:db8:1234:5600::/56',
        '2001:db8:1234::/48',
        '2001:db8:1200::/40',
        '2001:db8::/32',
      ],
    ],
    ['nobody', ['unknown']],
  ])('of %s are %j', (address, networks) => {
    expect(networksOf(address)).toEqual(networks);
  });

  it.each([
    ['6to4', '2002:cb00:7107:1::9'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:34ff:8ef8'],
    ['NAT64', '64:ff9b::cb00:7107'],
    ['mapped', '::ffff:203.0.113.7'],
  ])('are those of the IPv4 host behind %s', (_, address) => {
    expect(networksOf(address)).toEqual(networksOf('203.0.113.7'));
  });

  it.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['2001:db8:1:2::3', '2001:db8:1::/48'],
    ['nobody', 'unknown'],
  ])('of %s, %s is what people recognise', (address, network) => {
    expect(coarseNetwork(address)).toBe(network);
  });
});
