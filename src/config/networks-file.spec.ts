import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvError, parseEnv } from './load-env';
import { networksBy } from './networks-file';

function networksIn(text: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'tandem-networks-')), 'networks.txt');
  writeFileSync(file, text);
  return networksBy(parseEnv({ NETWORKS_FILE: file }));
}

const problemsOf = (text: string) => {
  try {
    networksIn(text);
    return [];
  } catch (error) {
    return (error as EnvError).problems;
  }
};

describe('NETWORKS_FILE', () => {
  const networks = networksIn(`# who operates what
203.0.112.0/20  Example Mobile
203.0.113.128/25\tExample Café
10.0.0.0/8 Example Mobile
2001:db8::/29 Example Mobile\r

198.51.100.7 One Host
`);

  it.each([
    ['203.0.112.7', ['203.0.112.7', '203.0.112.0/24', 'operator Example Mobile']],
    ['203.0.113.200', ['203.0.113.200', 'operator Example Café']],
    ['::ffff:203.0.113.200', ['203.0.113.200', 'operator Example Café']],
    ['10.9.8.7', ['10.9.8.7', '10.9.8.0/24', '10.9.0.0/20', 'operator Example Mobile']],
    ['198.51.100.7', ['198.51.100.7', 'operator One Host']],
    ['198.51.100.8', ['198.51.100.8', '198.51.100.0/24', '198.51.96.0/20']],
    ['2002:cb00:7107::1', ['203.0.113.7', '203.0.113.0/24', 'operator Example Mobile']],
    [
      '2001:dbf:1:2::3',
      [
        '2001:dbf:1:2::/64',
        '2001:dbf:1:0::/56',
        '2001:dbf:1::/48',
        '2001:dbf:0::/40',
        '2001:dbf::/32',
        'operator Example Mobile',
      ],
    ],
    ['unknown', ['unknown']],
  ])('ends the networks of %s in its operator', (address, levels) => {
    expect(networks.of(address)).toEqual(levels);
  });

  it('refuses the start with all problems at once', () => {
    const text = [
      '203.0.113.0/24 Example',
      '203.0.113.9/24 Other',
      '203.0.113.0/33 Example',
      'Example 203.0.113.0/24',
      '2001:db8::/32',
      `198.51.100.0/24 ${'x'.repeat(49)}`,
      '192.0.2.0/24 Exa\u0007mple',
    ];

    expect(problemsOf(text.join('\n'))).toEqual([
      'line 2 of NETWORKS_FILE names 203.0.113.0/24 again',
      ...[3, 4, 5].map(
        (line) =>
          `line ${line} of NETWORKS_FILE must be a block and its operator: 203.0.112.0/20 Example Mobile`,
      ),
      ...[6, 7].map(
        (line) => `line ${line} of NETWORKS_FILE must name the operator in 48 characters`,
      ),
    ]);
    expect(() => networksBy(parseEnv({ NETWORKS_FILE: '/nowhere/networks' }))).toThrow(EnvError);
  });
});
