import { UserOperationsService } from '../../src/auth/user-operations.service';
import { KeyRing } from '../../src/config/key-ring';
import { decodeJwt, sessionIdOf, signJwt, userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { expectRefusal } from '../support/refusal';
import { basic, postForm, SERVICE, SERVICE_CLIENTS } from '../support/service-client';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe.each(MODES)('a service that asks about tokens (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { SERVICE_CLIENTS } });
  });
  afterAll(() => app.close());

  const introspect = async (token: string) =>
    (await postForm(app, '/auth/introspect', { token })).body;
  const revoke = (token: string) => postForm(app, '/auth/revoke', { token });

  it('learns the claims of a live access token', async () => {
    const { token } = await app.logIn();
    const { refresh: _, ...claims } = decodeJwt(token).claims;

    const { status, headers, body } = await postForm(app, '/auth/introspect', { token });

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({ active: true, token_type: 'Bearer', ...claims });
  });

  it('learns of a logout with the next question', async () => {
    const { token } = await app.logIn();

    await app.delete('/auth/tokens', { token });

    expect(await introspect(token)).toEqual({ active: false });
  });

  it('rule 12: learns that a user was disabled', async () => {
    const { token } = await app.logIn();

    await app.nest.get(UserOperationsService).disable(userIdOf(token));

    expect(await introspect(token)).toEqual({ active: false });
  });

  it('learns nothing of tokens that are no valid access tokens', async () => {
    const { token, refresh_token } = await app.logIn();
    const { header, claims } = decodeJwt(token);
    const key = app.nest.get(KeyRing).derive('access token');
    const expired = signJwt({ header, claims: { ...claims, exp: 1 } }, key);
    const ofSomebodyElse = signJwt({ header, claims: { ...claims, sub: '1' } }, key);

    for (const other of [refresh_token, expired, ofSomebodyElse, `${token}A`, 'garbage', '']) {
      expect(await introspect(other)).toEqual({ active: false });
    }
  });

  it.each(['token', 'refresh_token'] as const)('ends a session by its %s', async (name) => {
    const user = await app.logIn();

    const answer = await revoke(user[name]);
    const opened = await app.get('/users/me', { token: user.token });
    const refreshed = await app.put('/auth/tokens', undefined, { token: user.refresh_token });

    expect([answer.status, answer.body]).toEqual([200, '']);
    expect([opened.status, refreshed.status]).toEqual([401, 403]);
  });

  it('rule 11: leaves a reason for the end, which the owner sees', async () => {
    const ended = await app.logIn();
    await revoke(ended.token);
    await lapseCooldown(app, ended.mobile);
    const { token } = await app.logIn(ended.mobile);

    const { body } = await app.get('/auth/sessions?ended=true', { token });

    expect(body).toMatchObject([{ id: sessionIdOf(ended.token), end_reason: 'revoked' }]);
  });

  it('gets 200 for revoking what is no token, and no session ends', async () => {
    const { token } = await app.logIn();

    const answers = await Promise.all(['garbage', `${token}A`, 'a.b.c'].map(revoke));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await introspect(token)).active).toBe(true);
  });

  it('may say which kind of token it asks about, and send JSON', async () => {
    const { token } = await app.logIn();

    const hinted = await postForm(app, '/auth/introspect', {
      token,
      token_type_hint: 'refresh_token',
    });
    const asJson = await app.post('/auth/introspect', { token }, { headers: basic() });

    expect([hinted.body.active, asJson.body.active]).toEqual([true, true]);
  });

  it.each<[string, string]>([
    ['a parameter twice', 'token=a&token=b'],
    ['a parameter twice under two spellings', 'token=a&%74oken=b'],
    ['no token', 'token_type_hint=access_token'],
    ['nothing', ''],
    ['a token of 5 kB', `token=${'a'.repeat(5000)}`],
  ])('is refused with a form that has %s', async (_, form) => {
    for (const path of ['/auth/introspect', '/auth/revoke']) {
      expectRefusal(
        await app.post(path, form, { headers: { ...FORM, ...basic() } }),
        'VALIDATION_FAILED',
      );
    }
  });

  it.each(['/auth/codes', '/auth/tokens', '/auth/login'])(
    'may send no form to %s',
    async (path) => {
      expectRefusal(await postForm(app, path, { mobile: '1' }), 'UNSUPPORTED_MEDIA_TYPE');
    },
  );

  it.each<[string, Record<string, string>]>([
    ['no credentials', {}],
    ['a wrong secret', basic(SERVICE.name, 'wrong')],
    ['an empty secret', basic(SERVICE.name, '')],
    ['an unknown name', basic('nobody')],
    ['the name in upper case', basic('ORDERS')],
    ['no name', basic('')],
    ['a name of Object.prototype', basic('constructor')],
    ['the prototype', basic('__proto__')],
    ['no colon', { authorization: `Basic ${Buffer.from('orders').toString('base64')}` }],
    ['what is not base64', { authorization: 'Basic ***' }],
    ['no value', { authorization: 'Basic' }],
    ['another scheme', { authorization: basic().authorization.replace('Basic', 'Digest') }],
  ])('is refused with %s', async (_, headers) => {
    const answers = [
      await postForm(app, '/auth/introspect', { token: 'x' }, headers),
      await postForm(app, '/auth/revoke', { token: 'x' }, headers),
      await app.get('/auth/revocations', { headers }),
    ];

    for (const answer of answers) {
      expectRefusal(answer, 'INVALID_CLIENT');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
    }
  });

  it('is refused with the access token of a user', async () => {
    const { token } = await app.logIn();

    expectRefusal(await app.get('/auth/revocations', { token }), 'INVALID_CLIENT');
  });
});

describe('a Tandem that knows no services', () => {
  it('refuses all credentials', async () => {
    const app = await TestApp.start();

    expectRefusal(await postForm(app, '/auth/introspect', { token: 'x' }), 'INVALID_CLIENT');
    expectRefusal(await app.get('/auth/revocations', { headers: basic('', '') }), 'INVALID_CLIENT');
    await app.close();
  });
});
