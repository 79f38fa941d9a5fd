import type { DeviceType } from '../common/device-type';
import { describeClient } from './client-device';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';

const DEVICES: Record<string, [userAgent: string, device: string | null, type: DeviceType]> = {
  'Chrome on a phone': [
    `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/131.0.0.0 Mobile Safari/537.36`,
    'Chrome on Android',
    'phone',
  ],
  'Safari on a phone': [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
    'phone',
  ],
  'Firefox on a desktop': [
    'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
    'Firefox on Linux',
    'desktop',
  ],
  'Edge on a desktop': [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    'Microsoft Edge on Windows',
    'desktop',
  ],
  'an app that names itself and its phone': [
    'TandemApp/1.2 (iPhone; iOS 26)',
    'TandemApp on iOS',
    'phone',
  ],
  'an app on Android': ['Orders/3.1 (Android 15; Pixel 9)', 'Orders on Android', 'phone'],
  'an app whose name has a space': ['My Orders (iPhone)', 'My Orders on iOS', 'phone'],
  'a tablet with Android': [
    `Mozilla/5.0 (Linux; Android 13; SM-X700) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36`,
    'Chrome on Android',
    'tablet',
  ],
  'an app on an iPad': ['Orders/3 (iPad; iPadOS 17)', 'Orders on iOS', 'tablet'],
  'an app on a tablet that says so': [
    'Orders/3.1 (Android 15; Tablet)',
    'Orders on Android',
    'tablet',
  ],
  'a library': ['okhttp/4.12.0', 'okhttp', 'other'],
  'a command line': ['curl/8.5.0', 'curl', 'other'],
  'a client that says nothing': ['', null, 'other'],
  'a client that hides its name': ['(iPhone)', 'iOS', 'phone'],
  'a client with markup for a name': ['<b onclick="x">/1 (iPhone)', 'iOS', 'phone'],
  'control characters': ['Mozilla/5.0 a\t\x85\x9bb/1 c', 'Mozilla', 'other'],
  'a client in letters that are not ASCII': ['訂單/1.0', null, 'other'],
  '10 kB of one letter': ['x'.repeat(10_000), 'x'.repeat(64), 'other'],
  '10 kB of brackets': ['('.repeat(10_000), null, 'other'],
};

describe('describing a client', () => {
  it.each(Object.entries(DEVICES))('recognises %s', (_, [userAgent, device, deviceType]) => {
    const described = describeClient({ address: '203.0.113.7', userAgent });
    expect(described).toMatchObject({ device, deviceType });
  });

  it('knows no device without a User-Agent', () => {
    expect(describeClient({ address: '203.0.113.7' })).toEqual({
      device: null,
      deviceType: 'other',
      network: '203.0.113.0/24',
    });
  });
});
