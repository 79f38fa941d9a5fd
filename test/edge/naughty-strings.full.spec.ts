import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { limitsWith } from '../../src/codes/limits';
import type { Answer } from '../support/client';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { randomMobile } from '../support/mobile';
import { NAUGHTIEST, NAUGHTY } from '../support/naughty';
import { FUZZES_FULLY } from '../support/scale';
import { basic, postForm, SERVICE_CLIENTS } from '../support/service-client';
import { type Mode, MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

/** Where every string goes costs seconds: in `npm test` each place gets every so many, beginning elsewhere. */
const STEP = FUZZES_FULLY ? 1 : 20;
const LIMITS = Object.keys(limitsWith({}))
  .filter((name) => name !== 'captcha-answers')
  .map((name) => `${name}=9999999/1h`)
  .join();
const UNBOUND = { SMS_BUDGET_DAILY: 'none', SMS_CONVERSION_GUARD: 'off' };
const PROFILE = ['gender', 'birthday', 'avatar_url', 'introduction', 'locale', 'time_zone'];
const MOBILE = '+8613812345678';

type Send = (app: TestApp, text: string, user: UserWithPassword) => Promise<Answer>;

const inBody =
  (method: string, path: string, field: string, rest: object = {}): Send =>
  (app, text, { token }) =>
    app.send(method, path, { ...rest, [field]: text }, { token });
const inForm =
  (path: string, field: string): Send =>
  (app, text) =>
    postForm(app, path, { token: 'x', [field]: text });
const inUrl =
  (method: string, before: string, headers = {}): Send =>
  (app, text, { token }) =>
    app.send(method, before + encodeURIComponent(Buffer.from(text).toString()), undefined, {
      token,
      headers,
    });
const inHeader =
  (method: string, path: string, header: string): Send =>
  (app, text, { token }) =>
    sendHeader(app.baseUrl + path, method, { authorization: `Bearer ${token}`, [header]: text });

/** Everything that takes a text, and the statuses that its answer may have. */
const PLACES: Record<string, [send: Send, ...statuses: number[]]> = {
  'the mobile to send to': [inBody('POST', '/auth/codes', 'mobile'), 400],
  'the locale of a message': [
    (app, locale) => app.post('/auth/codes', { mobile: randomMobile(), locale }),
    202,
  ],
  'a device token': [
    (app, text) => app.post('/auth/codes', { mobile: randomMobile(), device_token: text }),
    202,
    400,
  ],
  'a captcha': [
    (app, captcha) => app.post('/auth/codes', { mobile: randomMobile(), captcha }),
    202,
    400,
  ],
  'the mobile to log in': [inBody('POST', '/auth/tokens', 'mobile', { code: '123456' }), 400],
  'a code': [inBody('POST', '/auth/tokens', 'code', { mobile: MOBILE }), 400],
  'the device token of a login': [
    inBody('POST', '/auth/tokens', 'device_token', { mobile: MOBILE, code: '123456' }),
    400,
  ],
  'the username of a login': [inBody('POST', '/auth/login', 'username', { password: 'x' }), 400],
  'the password of a login': [inBody('POST', '/auth/login', 'password', { username: 'x' }), 400],
  'a username': [
    inBody('PUT', '/users/me/password', 'username', { password: 'long enough' }),
    204,
    400,
  ],
  'a token to introspect': [inForm('/auth/introspect', 'token'), 200, 400],
  'the hint of an introspection': [inForm('/auth/introspect', 'token_type_hint'), 200, 400],
  'a token to revoke': [inForm('/auth/revoke', 'token'), 200, 400],
  'the hint of a revocation': [inForm('/auth/revoke', 'token_type_hint'), 200, 400],
  'a cursor': [inUrl('GET', '/auth/revocations?after=', basic()), 200, 400],
  'a switch of a query': [inUrl('GET', '/auth/sessions?ended='), 200, 400],
  'the name of a parameter': [inUrl('GET', '/auth/sessions?'), 200, 400],
  'the id of a session': [inUrl('DELETE', '/auth/sessions/'), 400, 404],
  'an Authorization header': [inHeader('GET', '/users/me', 'authorization'), 401],
  'a Bearer token': [
    (app, text, user) => inHeader('GET', '/users/me', 'authorization')(app, `Bearer ${text}`, user),
    401,
  ],
  'Basic credentials': [
    (app, text) =>
      app.get('/auth/revocations', {
        headers: { authorization: `Basic ${Buffer.from(`${text}:${text}`).toString('base64')}` },
      }),
    401,
  ],
  'an Accept-Language header': [
    (app, text) =>
      sendHeader(`${app.baseUrl}/auth/codes`, 'POST', { 'accept-language': text }, randomMobile()),
    202,
  ],
  'a User-Agent header': [inHeader('GET', '/users/me', 'user-agent'), 200],
  'an If-None-Match header': [
    (app, text) =>
      sendHeader(`${app.baseUrl}/auth/revocations`, 'GET', { ...basic(), 'if-none-match': text }),
    200,
  ],
  'a forwarded address': [inHeader('GET', '/users/me', 'x-forwarded-for'), 200],
};

let app: TestApp;
let user: UserWithPassword;

const start = async (mode: Mode) => {
  app = await TestApp.start({
    mode,
    env: { SERVICE_CLIENTS, LIMITS, TRUST_PROXY: '1', ...UNBOUND },
  });
  user = await registerWithPassword(app);
};

describe.each<Mode>(FUZZES_FULLY ? MODES : ['embedded'])('naughty strings (%s)', (mode) => {
  beforeAll(() => start(mode));
  afterAll(() => app.close());

  it.each(Object.entries(PLACES))(
    'are answered as documented in %s',
    async (place, [send, ...statuses]) => {
      for (const text of someFrom(Object.keys(PLACES).indexOf(place))) {
        const { status } = await send(app, text, user);
        expect([text, statuses]).toEqual([text, expect.arrayContaining([status])]);
      }
    },
    600_000,
  );
});

describe.each(MODES)('naughty strings that are stored (%s)', (mode) => {
  beforeAll(() => start(mode));
  afterAll(() => app.close());

  it.each(PROFILE)(
    'are answered exactly as %s, or refused',
    async (field) => {
      for (const text of someFrom(PROFILE.indexOf(field))) {
        const { status, body } = await app.patch('/users/me', { [field]: text }, user);
        if (status !== 400) expect([status, body.profile[field]]).toEqual([200, text]);
      }
    },
    600_000,
  );

  it('are answered exactly as a name, or refused', async () => {
    const stored = [];
    for (const text of [...NAUGHTIEST, ...someFrom(0)]) {
      const { status, body } = await app.patch('/users/me', { name: text }, user);
      if (status !== 400) {
        expect([status, body.name]).toEqual([200, text]);
        stored.push(text);
      }
    }
    expect(stored).toEqual(expect.arrayContaining(['\u{20bb7}\u{1d54f}', '\ufdfa', 'e\u0301']));
  }, 600_000);

  it('are passwords that open to themselves and to nothing else, or refused', async () => {
    const { username } = user.credentials;
    for (const password of PASSWORDS) {
      const answer = await app.put('/users/me/password', { username, password }, user);
      const logins = await Promise.all(
        [password, ...nearTo(password)].map((text) =>
          app.post('/auth/login', { username, password: text }),
        ),
      );
      const [own, ...others] = logins.map(({ status }) => status);
      const expected = answer.status === 204 ? [204, 201] : [400, 400];
      expect([password, answer.status, own]).toEqual([password, ...expected]);
      expect([password, ...others]).toEqual([password, ...others.map(() => 400)]);
    }
  }, 600_000);
});

function someFrom(first: number): string[] {
  return NAUGHTY.filter((_, index) => index % STEP === first % STEP);
}

/** As long as passwords may be. */
const PASSWORDS = NAUGHTY.filter((_, index) => index % (4 * STEP) === 0)
  .concat('\0', '\ud800', '\u{1f600}', '\ufdfa', 'e\u0301')
  .map((text) => `${text} pass`.padEnd(8))
  .filter((text) => text.length <= 128);

/** Others that a store, a driver or a hash might take for the same. */
const nearTo = (password: string) =>
  [
    `${password}\0`,
    password.replace(/[^a]/u, '\ufffd'),
    password.replace(/\p{Cs}/u, '\udfff'),
  ].filter((other) => other !== password);

/** By a client that lets bytes pass which `fetch` would refuse: all but controls, which end the request. */
function sendHeader(
  url: string,
  method: string,
  headers: Record<string, string>,
  mobile?: string,
): Promise<Answer> {
  const bytes = Object.entries(headers).map(([name, text]) => [
    name,
    Buffer.from(text).toString('latin1').replaceAll(CONTROLS, ''),
  ]);
  const type = mobile ? { 'content-type': 'application/json' } : {};
  return new Promise((resolve, reject) => {
    request(url, { method, headers: { ...Object.fromEntries(bytes), ...type } }, (response) => {
      const answer = json(response).then((body) => ({
        status: response.statusCode!,
        headers: new Headers(),
        body,
      }));
      answer.then(resolve, reject);
    })
      .once('error', reject)
      .end(mobile && JSON.stringify({ mobile }));
  });
}

// oxlint-disable-next-line eslint/no-control-regex -- they are the point
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/g;
