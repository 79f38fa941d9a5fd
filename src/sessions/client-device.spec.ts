import { describeClient } from './client-device';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';

const DEVICES: Record<string, [userAgent: string, device: string | null]> = {
  'Chrome on a phone': [
    `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36`,
    'Chrome on Android',
  ],
  'Safari on a phone': [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  'Firefox on a desktop': [
    'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
    'Firefox on Linux',
  ],
  'Edge on a desktop': [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    'Microsoft Edge on Windows',
  ],
  'an app that names itself and its phone': ['TandemApp/1.2 (iPhone; iOS 26)', 'TandemApp on iOS'],
  'an app on Android': ['Orders/3.1 (Android 15; Pixel 9)', 'Orders on Android'],
  'an app whose name has a space': ['My Orders (iPhone)', 'My Orders on iOS'],
  'a library': ['okhttp/4.12.0', 'okhttp'],
  'a command line': ['curl/8.5.0', 'curl'],
  'a client that says nothing': ['', null],
  'a client that hides its name': ['(iPhone)', 'iOS'],
  'a client with markup for a name': ['<b onclick="x">/1 (iPhone)', 'iOS'],
  'control characters': ['Mozilla/5.0 a\t\x85\x9bb/1 c', 'Mozilla'],
  'a client in letters that are not ASCII': ['訂單/1.0', null],
  '10 kB of one letter': ['x'.repeat(10_000), 'x'.repeat(64)],
  '10 kB of brackets': ['('.repeat(10_000), null],
};

describe('describing a client', () => {
  it.each(Object.entries(DEVICES))('recognises %s', (_, [userAgent, device]) => {
    expect(describeClient({ address: '203.0.113.7', userAgent }).device).toBe(device);
  });

  it('knows no device without a User-Agent', () => {
    expect(describeClient({ address: '203.0.113.7' })).toEqual({
      device: null,
      network: '203.0.113.0/24',
    });
  });
});
