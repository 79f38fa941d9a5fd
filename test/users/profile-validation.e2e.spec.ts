import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';

const HOST = 'https://example.com';
const INVISIBLE = ['\u200b', '\u202e', '\ufeff', '\0', '\x1b[31m', '\ud800', '\ue000', '\u2028'];

const dayFromNow = (days: number) =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const REFUSED: Record<string, unknown[]> = {
  name: [
    null,
    '',
    ' ',
    '\u3000',
    '\u200d',
    '\u3164',
    '\u2800',
    '\n',
    'a\nb',
    'x'.repeat(65),
    ...INVISIBLE.map((character) => `Li${character}Wei`),
  ],
  gender: ['', 'Female', 'unknown', 0, ['female'], { female: true }],
  birthday: [
    '',
    '2023-02-30',
    '2023-02-29',
    '2023-13-01',
    '2023-00-10',
    '1899-12-31',
    '23-02-01',
    '2023-2-1',
    '20230201',
    '2023-02-01T00:00:00Z',
    '２０２３-02-01',
    dayFromNow(2),
    '2099-12-31',
    20230201,
    ['2023-02-01'],
  ],
  avatar_url: [
    '',
    'http://example.com/a.png',
    'javascript:alert(1)',
    'data:image/png;base64,AA==',
    '//example.com/a.png',
    'example.com/a.png',
    'https:example.com',
    'https://',
    'https://localhost/a.png',
    'https://localhost./a.png',
    'https://a.localhost/a.png',
    'https://printer.local/a.png',
    'https://vault.service.internal/a.png',
    'https://nas.home.arpa/a.png',
    'https://intranet/a.png',
    'https://127.0.0.1/a.png',
    'https://127.1/a.png',
    'https://0x7f.0.0.1/a.png',
    'https://2130706433/a.png',
    'https://0177.0.0.1/a.png',
    'https://10.0.0.5/a.png',
    'https://192.168.1.1:8443/a.png',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/a.png',
    'https://0.0.0.0/a.png',
    'https://[::1]/a.png',
    'https://[::ffff:10.0.0.5]/a.png',
    'https://[fd00::1]/a.png',
    'https://[fe80::1]/a.png',
    `${HOST}/'a.png`,
    `${HOST}/a'onerror='alert(1)`,
    `${HOST}/`.concat('`a`'),
    'https://user:password@example.com/',
    `${HOST}/a b`,
    `${HOST}/"><script>`,
    `${HOST}/\\a`,
    `${HOST}/${'a'.repeat(512)}`,
    [`${HOST}/a.png`],
    ...INVISIBLE.map((character) => `${HOST}/${character}a.png`),
  ],
  introduction: [
    '',
    '\n\n',
    'x'.repeat(501),
    'a\tb',
    7,
    ['x'],
    ...INVISIBLE.map((character) => `Hello${character}world`),
  ],
  locale: [
    '',
    'x',
    'en_US',
    'zh-',
    'en-!!',
    'klingon language',
    `en-${'x'.repeat(40)}`,
    'en\0',
    1,
    ['en'],
  ],
  time_zone: ['', 'Mars/Olympus', 'GMT+25', 'Asia/Shanghai\0', 'Asia Shanghai', 8, ['UTC']],
};

const FOREIGN = [
  'id',
  'mobile',
  'username',
  'password',
  'status',
  'last_login',
  'avatarUrl',
  'roles',
  'profile',
];

describe('PATCH /users/me with values that are not what a field means', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    ({ token } = await app.logIn());
  });
  afterAll(() => app.close());

  const read = async () => (await app.get('/users/me', { token })).body;

  describe.each(Object.entries(REFUSED))('%s', (field, values) => {
    it.each(values.map((value) => [value]))('refuses %j', async (value) => {
      const before = await read();

      const answer = await app.patch('/users/me', { [field]: value }, { token });

      expectRefusal(answer, 'VALIDATION_FAILED');
      expect(answer.body.message[0]).toMatch(new RegExp(`^${field} `));
      expect(await read()).toEqual(before);
    });
  });

  it('takes the birthday of somebody born today', async () => {
    const { status } = await app.patch('/users/me', { birthday: dayFromNow(0) }, { token });

    expect(status).toBe(200);
  });

  it.each(FOREIGN)('refuses %s, which is not for the user to change', async (field) => {
    const answer = await app.patch('/users/me', { [field]: '1' }, { token });

    expectRefusal(answer, 'VALIDATION_FAILED');
    expect(answer.body.message).toEqual([`property ${field} should not exist`]);
  });
});
