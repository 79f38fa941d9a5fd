import { randomBytes, randomUUID } from 'node:crypto';
import type { Answer } from '../support/client';
import { passTime } from '../support/clock';
import { otherThan } from '../support/codes';
import { registerWithPassword } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { lapseCode, lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { listSessions } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const LIMITS = 'codes-per-address=9999/1h,codes-per-number=99/1h,guesses-per-request=3/1h';

interface CodeLogin {
  mobile: string;
  code: string;
  challenge?: string;
  device_token?: string;
}

const newKey = () => randomBytes(24).toString('base64url');

const expectSame = (again: Answer, first: Answer) => {
  const { refresh_token, device_token, is_new_user } = first.body;
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toMatchObject({ refresh_token, device_token, is_new_user });
  expect(again.body.token).not.toBe(first.body.token);
};

describe.each(MODES)('logins whose answer was lost (%s)', (mode) => {
  let app: TestApp;
  let rotating: TestApp;
  let login: CodeLogin;
  let key: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS } });
  });
  beforeEach(async () => {
    login = await newLogin();
    key = newKey();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const newLogin = async (mobile = randomMobile(), shown = {}, on = app): Promise<CodeLogin> => {
    await lapseCooldown(on, mobile);
    const { body } = await on.post('/auth/codes', { mobile, ...shown });
    return { mobile, code: on.inbox.codeFor(mobile), challenge: body.challenge, ...shown };
  };
  const logIn = (body: object = login, sent: string | undefined = key, on = app) =>
    on.post('/auth/tokens', body, {
      headers: sent === undefined ? {} : { 'idempotency-key': sent },
    });
  const logInWithoutKey = (body: object) => app.post('/auth/tokens', body);
  const logInByPassword = (credentials: object, sent: string) =>
    app.post('/auth/login', credentials, { headers: { 'idempotency-key': sent } });
  const countsOf = async ({ body }: Answer) => [
    (await listSessions(app, body)).length,
    (await app.get('/auth/devices', { token: body.token })).body.length,
  ];

  it('rule 6: get the same session three times, on the same device, and no other', async () => {
    const first = await logIn();

    const again = [await logIn(), await logIn(), await logIn()];

    for (const one of again) expectSame(one, first);
    expect(first.body.is_new_user).toBe(true);
    expect(await countsOf(again[0]!)).toEqual([1, 1]);
    expectRefusal(await logIn(), 'INVALID_CODE');
    const next = await newLogin(login.mobile, { device_token: again[2]!.body.device_token });
    expect((await logIn(next, newKey())).body.device_token).toBe(first.body.device_token);
  });

  it('keep the device that they show', async () => {
    const { device_token } = (await logIn()).body;
    const next = await newLogin(login.mobile, { device_token });
    const nextKey = newKey();
    const first = await logIn(next, nextKey);

    expectSame(await logIn(next, nextKey), first);

    expect(first.body).toMatchObject({ device_token, is_new_user: false });
    expect(await countsOf(first)).toEqual([2, 1]);
    const { device_token: _, ...without } = next;
    expectRefusal(await logIn(without, nextKey), 'INVALID_CODE');
  });

  it.each<[string, () => [Partial<CodeLogin>, string | undefined]]>([
    ['another key', () => [{}, newKey()]],
    [
      'a key that differs in the last character',
      () => [{}, `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`],
    ],
    ['another handle', () => [{ challenge: 'x'.repeat(22) }, key]],
    ['no handle', () => [{ challenge: undefined }, key]],
    ['another code', () => [{ code: otherThan(login.code) }, key]],
    ['another number', () => [{ mobile: randomMobile() }, key]],
  ])('belong to nobody with %s', async (_, change) => {
    await logIn();
    const [changed, sent] = change();

    expectRefusal(await logIn({ ...login, ...changed }, sent), 'INVALID_CODE');
  });

  it('are not repeated without a key, whichever of the two had none', async () => {
    const keyless = await newLogin();
    expect((await logIn()).status).toBe(201);
    expect((await logInWithoutKey(keyless)).status).toBe(201);

    expectRefusal(await logInWithoutKey(login), 'INVALID_CODE');
    expectRefusal(await logInWithoutKey(keyless), 'INVALID_CODE');
    expectRefusal(await logIn(keyless), 'INVALID_CODE');
  });

  it('are repeated within the grace, and not after it', async () => {
    const first = await logIn();

    passTime(59 * SECOND);
    expectSame(await logIn(), first);
    passTime(2 * SECOND);
    expectRefusal(await logIn(), 'INVALID_CODE');
  });

  it('are repeated in the grace of a code that has expired meanwhile', async () => {
    await lapseCode(app, login.mobile, 290);
    const first = await logIn();
    passTime(30 * SECOND);

    expectSame(await logIn(), first);
  });

  it('are not repeated once their session has ended', async () => {
    const { body } = await logIn();
    await app.delete('/auth/tokens', { token: body.token });

    expectRefusal(await logIn(), 'INVALID_CODE');
  });

  it('count wrong codes in the grace as ever, after which the right one is wrong, too', async () => {
    const first = await logIn();
    expectSame(await logIn(), first);
    for (const offset of [1, 2, 3]) {
      const wrong = { ...login, code: otherThan(login.code, offset) };
      expectRefusal(await logIn(wrong), 'INVALID_CODE');
    }

    expectRefusal(await logIn(), 'INVALID_CODE');
  });

  it('rule 6: 100 parallel ones with the same code and key make one session', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => logIn()));

    const opened = answers.filter(({ status }) => status === 201);
    expect(opened).toHaveLength(4);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 400]));
    for (const name of ['refresh_token', 'device_token'])
      expect(new Set(opened.map(({ body }) => body[name])).size).toBe(1);
    expect(await countsOf(opened[0]!)).toEqual([1, 1]);
  });

  it.each([
    ['too short', 'x'.repeat(21)],
    ['too long', 'x'.repeat(65)],
    ['of other characters', 'drawn+at+the+login/0123456789'],
    ['two at once', `${'x'.repeat(22)}, ${'y'.repeat(22)}`],
    ['empty', ''],
  ])('need a key that is in the form: %s', async (_, garbage) => {
    expectRefusal(await logIn(login, garbage), 'VALIDATION_FAILED');
    expectRefusal(
      await app.post(
        '/auth/login',
        { username: 'somebody', password: 'something' },
        { headers: { 'idempotency-key': garbage } },
      ),
      'VALIDATION_FAILED',
    );
    expect((await logIn(login, randomUUID())).status).toBe(201);
  });

  describe('by password', () => {
    it('get the same session with the same key, and another one after the grace', async () => {
      const { credentials } = await registerWithPassword(app);
      const first = await logInByPassword(credentials, key);
      const again = await logInByPassword(credentials, key);

      expect([first.status, again.status]).toEqual([201, 201]);
      expect(again.body.refresh_token).toBe(first.body.refresh_token);
      expect(await listSessions(app, again.body)).toHaveLength(2);
      expectRefusal(
        await logInByPassword({ ...credentials, password: 'another one' }, key),
        'INVALID_CREDENTIALS',
      );
      passTime(MINUTE + SECOND);
      const later = await logInByPassword(credentials, key);
      expect(later.status).toBe(201);
      expect(later.body.refresh_token).not.toBe(first.body.refresh_token);
    });

    it('open one session when they come at once, and another for another user', async () => {
      const [one, other] = [await registerWithPassword(app), await registerWithPassword(app)];

      const answers = await Promise.all(
        [1, 2, 3, 4, 5].map(() => logInByPassword(one.credentials, key)),
      );
      const others = await logInByPassword(other.credentials, key);

      expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
      expect(await listSessions(app, answers[0]!.body)).toHaveLength(2);
      expect(userIdOf(others.body.token)).toBe(userIdOf(other.token));
    });
  });

  describe('with rotation', () => {
    beforeAll(async () => {
      rotating = await TestApp.start({ mode: 'embedded', env: { LIMITS, REFRESH_ROTATION: 'on' } });
    });
    afterAll(() => rotating.close());

    it('are not repeated once the refresh token was exchanged, which their key is for from then on', async () => {
      const body = await newLogin(randomMobile(), {}, rotating);
      const { refresh_token: token } = (await logIn(body, key, rotating)).body;
      expect((await logIn(body, key, rotating)).body.refresh_token).toBe(token);
      const refresh = () =>
        rotating.put('/auth/tokens', undefined, { token, headers: { 'idempotency-key': key } });
      const successor = (await refresh()).body.refresh_token;

      expectRefusal(await logIn(body, key, rotating), 'INVALID_CODE');
      expect((await refresh()).body.refresh_token).toBe(successor);
    });
  });
});
