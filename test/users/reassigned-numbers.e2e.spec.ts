import { randomUUID } from 'node:crypto';
import { Session } from '../../src/sessions/session.entity';
import { MobileChange } from '../../src/users/mobile-change.entity';
import { User } from '../../src/users/user.entity';
import { ErasureService } from '../../src/auth/deletion/erasure.service';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { BY_SYSTEM } from '../../src/audit/change';
import { type ErrorCode, ERRORS } from '../../src/common/errors';
import { holdBackgroundJobs } from '../support/background-jobs';
import {
  randomCredentials,
  registerWithPassword,
  type UserWithPassword,
} from '../support/credentials';
import type { Answer } from '../support/client';
import { answerTo, letLieDormant, ticketFor } from '../support/dormant-numbers';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { changeNumber, letLapse, proveNumber } from '../support/number-changes';
import { giveRoles } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { probe } from '../support/sessions';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { auditOf, eventsOf } from '../support/told';

/** Of an answer that says more. */
const expectCode = ({ status, body }: Answer, errorCode: ErrorCode) =>
  expect([status, body.errorCode]).toEqual([ERRORS[errorCode][0], errorCode]);

const LIMITS =
  'codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h,passwords-per-device=2/1d,password-logins-per-user=3/1h';
const ENDED = [401, 403];
const DAY_MS = 86_400_000;
const PROFILE = { introduction: 'mine alone', locale: 'zh-CN' };

describe.each(MODES)('a number that may have changed hands (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS } });
  });
  afterAll(() => app.close());

  const me = async ({ token }: { token: string }) => (await app.get('/users/me', { token })).body;
  const typesOf = async (id: string) => (await eventsOf(app, id)).map(({ type }) => type);
  const claimOf = (id: string) => app.sql.getRepository(MobileChange).findOneBy({ activeOf: id });
  const codeFor = async (mobile: string) => {
    await lapseCooldown(app, mobile);
    return app.requestCode(mobile);
  };
  /** Somebody with a profile, whose number no code has proved for 91 days. */
  const dormant = async <T extends LoggedIn>(user: T): Promise<T & { id: string }> => {
    await app.patch('/users/me', { name: 'Li Wei', ...PROFILE }, user);
    await letLieDormant(app, user);
    return { ...user, id: userIdOf(user.token) };
  };
  const withPassword = async () => dormant<UserWithPassword>(await registerWithPassword(app));
  const without = async () => dormant(await app.logIn());
  const weekLater = async (id: string) => {
    const createdAt = new Date(Date.now() - 8 * DAY_MS);
    await app.sql.getRepository(MobileChange).update({ activeOf: id }, { createdAt });
  };

  it('rule 19: a right code is asked whose it is, and learns nothing of the account', async () => {
    const user = await without();

    const answer = await proveNumber(app, user.mobile);

    expect(answer.status).toBe(409);
    expect(answer.body).toEqual({
      statusCode: 409,
      error: 'Conflict',
      errorCode: 'NUMBER_PERHAPS_REASSIGNED',
      message: 'The account of this number was last used long ago. Is it yours?',
      ticket: expect.stringMatching(/^\d+\.\d+\.[\w-]{43}$/),
      request_id: expect.any(String),
    });
    expect(answer.body.ticket).not.toContain(user.id);
    expect(await typesOf(user.id)).not.toContain('session.ended');
  });

  it('is not asked about where a code was proved, or a device is shown, however old', async () => {
    const [fresh, known] = [await app.logIn(), await without()];
    await letLieDormant(app, fresh, 89);

    expect((await proveNumber(app, fresh.mobile)).status).toBe(201);
    const shown = { device_token: known.device_token };
    const again = await app.post('/auth/tokens', {
      ...(await codeFor(known.mobile)),
      ...shown,
    });

    expect([again.status, userIdOf(again.body.token)]).toEqual([201, known.id]);
    expect(await me(again.body)).toMatchObject({ name: 'Li Wei' });
    await letLieDormant(app, known);
    const foreign = { ...(await codeFor(known.mobile)), device_token: fresh.device_token };
    expectCode(await app.post('/auth/tokens', foreign), 'NUMBER_PERHAPS_REASSIGNED');
  });

  it('passwords and sessions keep no number from it', async () => {
    const user = await withPassword();

    expect((await app.post('/auth/login', user.credentials)).status).toBe(201);

    expectCode(await proveNumber(app, user.mobile), 'NUMBER_PERHAPS_REASSIGNED');
  });

  describe('who says that the account is not theirs', () => {
    it('gets a new one; the former owner loses the number, and nothing else', async () => {
      const user = await withPassword();

      const fresh = await answerTo(app, {
        ticket: await ticketFor(app, user.mobile),
        mine: false,
      });

      expect([fresh.status, fresh.body.is_new_user]).toEqual([201, true]);
      expect(userIdOf(fresh.body.token)).not.toBe(user.id);
      expect(await me(fresh.body)).toMatchObject({
        mobile: user.mobile,
        profile: { introduction: null },
        security_notices: [],
      });
      expect(await probe(app, user)).toEqual(ENDED);
      const former = (await app.post('/auth/login', user.credentials)).body;
      const theirs = await me(former);
      expect(theirs).toMatchObject({ id: user.id, mobile: null, name: 'Li Wei' });
      expect((Date.parse(theirs.deletion_at) - Date.now()) / DAY_MS).toBeCloseTo(180, 1);
      expect(theirs.security_notices.map((one: { kind: string }) => one.kind)).toContain(
        'number_reassigned',
      );
      expect(await typesOf(user.id)).toContain('user.detached');
      expect((await proveNumber(app, user.mobile)).body.is_new_user).toBe(false);
    });

    it('the former owner is back with the password and a code to another number', async () => {
      const user = await withPassword();
      await answerTo(app, { ticket: await ticketFor(app, user.mobile), mine: false });
      const former = (await app.post('/auth/login', user.credentials)).body;

      const moved = await changeNumber(app, former);

      expect(moved.state).toBe('confirmed');
      expect(await me(former)).toMatchObject({
        id: user.id,
        mobile: moved.mobile,
        deletion_at: null,
      });
      expect(userIdOf((await proveNumber(app, moved.mobile)).body.token)).toBe(user.id);
      expect(userIdOf((await proveNumber(app, user.mobile)).body.token)).not.toBe(user.id);
    });

    it('the former owner uses up no login of who has the number now', async () => {
      const user = await withPassword();
      const ticket = await ticketFor(app, user.mobile);
      const { token } = (await answerTo(app, { ticket, mine: false })).body;
      const { password } = randomCredentials();
      await app.put('/users/me/password', { password }, { token });
      const logIn = async (given: string) =>
        (await app.post('/auth/login', { mobile: user.mobile, password: given })).status;

      const former = [];
      for (let count = 0; count < 4; count++) former.push(await logIn(user.credentials.password));

      expect(former).toEqual([201, 201, 201, 429]);
      expect(await logIn(password)).toBe(201);
    });

    it('also one who has no username, by the number that is not theirs any more', async () => {
      const user = await dormant(await app.logIn());
      const password = `pass ${randomUUID()}`;
      await app.put('/users/me/password', { password }, user);
      const { body: fresh } = await answerTo(app, {
        ticket: await ticketFor(app, user.mobile),
        mine: false,
      });
      const login = { mobile: user.mobile, password };

      const { body: former } = await app.post('/auth/login', login);

      expect(userIdOf(former.token)).toBe(user.id);
      const wrong = { ...login, password: 'not the password' };
      expectRefusal(await app.post('/auth/login', wrong), 'INVALID_CREDENTIALS');
      await app.put('/users/me/password', { password }, fresh);
      const theirs = await app.post('/auth/login', login);
      expect(userIdOf(theirs.body.token)).toBe(userIdOf(fresh.token));
    });

    it('rule 20: or is erased, and leaves the number to who has it', async () => {
      const user = await without();
      const fresh = await answerTo(app, {
        ticket: await ticketFor(app, user.mobile),
        mine: false,
      });
      await app.sql.getRepository(User).update({ id: user.id }, { deletionAt: new Date(0) });

      await app.nest.get(ErasureService).eraseDue();

      expect(await app.sql.getRepository(User).countBy({ id: user.id })).toBe(0);
      expect(await app.sql.getRepository(MobileChange).countBy({ userId: user.id })).toBe(0);
      expect(await me(fresh.body)).toMatchObject({ mobile: user.mobile });
    });
  });

  describe('who says that the account is theirs', () => {
    it('goes on with all of it by its password', async () => {
      const user = await withPassword();
      const ticket = await ticketFor(app, user.mobile);

      const wrong = await answerTo(app, { ticket, mine: true, password: 'not the password' });
      const right = await answerTo(app, {
        ticket,
        mine: true,
        password: user.credentials.password,
      });

      expectRefusal(wrong, 'INVALID_CREDENTIALS');
      expect([right.status, right.body.is_new_user]).toEqual([201, false]);
      expect(await me(right.body)).toMatchObject({ id: user.id, name: 'Li Wei' });
      expect((await proveNumber(app, user.mobile)).status).toBe(201);
    });

    it('wrong passwords count for the account that they are for', async () => {
      const [one, other] = [await withPassword(), await withPassword()];
      const ticket = await ticketFor(app, one.mobile);
      const { password } = other.credentials;

      for (const status of [400, 400, 429]) {
        expect((await answerTo(app, { ticket, mine: true, password })).status).toBe(status);
      }

      const theirs = await ticketFor(app, other.mobile);
      expect((await answerTo(app, { ticket: theirs, mine: true, password })).status).toBe(201);
    });

    it('rule 19: gets one without a password, but nothing of what was in it', async () => {
      const user = await without();
      await app.sql.getRepository(User).update({ id: user.id }, { externalId: `x|${user.id}` });

      const answer = await answerTo(app, { ticket: await ticketFor(app, user.mobile), mine: true });

      expect([answer.status, userIdOf(answer.body.token)]).toEqual([201, user.id]);
      expect(await probe(app, user)).toEqual(ENDED);
      expect(await me(answer.body)).toMatchObject({
        name: expect.stringContaining('*'),
        username: null,
        external_id: null,
        profile: { introduction: null, locale: null },
        security_notices: [],
      });
      expect((await app.get('/auth/sessions?ended=true', answer.body)).body).toEqual([]);
      const sessions = await app.sql.getRepository(Session).findBy({ userId: user.id });
      const others = sessions.filter(({ endedAt }) => endedAt);
      expect(others.map(({ network }) => network)).toEqual(others.map(() => ''));
      const { body } = await app.get('/users/me/export', answer.body);
      expect(JSON.stringify(body)).not.toMatch(/Li Wei|mine alone|user\.updated|x\|/);
      expect(body.sessions.map(({ id }: Session) => id)).toEqual([sessionIdOf(answer.body.token)]);
      const told = await auditOf(app, user.id);
      expect(told.find(({ action }) => action === 'user.reassigned')).toMatchObject({
        detail: JSON.stringify({ had_password: false }),
      });
    });

    it('waits a week without the password, of which its user is told', async () => {
      const user = await withPassword();

      const first = await answerTo(app, { ticket: await ticketFor(app, user.mobile), mine: true });
      const again = await answerTo(app, { ticket: await ticketFor(app, user.mobile), mine: true });

      for (const answer of [first, again]) expectCode(answer, 'NUMBER_CLAIM_WAITS');
      expect((Date.parse(first.body.available_at) - Date.now()) / DAY_MS).toBeCloseTo(7, 1);
      expect(again.body.available_at).toBe(first.body.available_at);
      const owner = (await app.post('/auth/login', user.credentials)).body;
      const kinds = (await me(owner)).security_notices.map((one: { kind: string }) => one.kind);
      expect(kinds).toContain('number_claimed');
      expect((await app.get('/users/me/mobile-changes', owner)).body).toEqual([
        expect.objectContaining({ state: 'claimed', until: first.body.available_at }),
      ]);
      await weekLater(user.id);
      const answer = await answerTo(app, { ticket: await ticketFor(app, user.mobile), mine: true });
      expect([answer.status, userIdOf(answer.body.token)]).toEqual([201, user.id]);
      expect(await me(answer.body)).toMatchObject({ username: null });
      expectRefusal(await app.post('/auth/login', user.credentials), 'INVALID_CREDENTIALS');
      expect(await probe(app, owner)).toEqual(ENDED);
      expect(await claimOf(user.id)).toBeNull();
    });

    it('gets nothing after a week in which the user has cancelled it, or changed the number', async () => {
      const [one, other] = [await withPassword(), await withPassword()];
      for (const { mobile } of [one, other])
        await answerTo(app, { ticket: await ticketFor(app, mobile), mine: true });
      const owners = await Promise.all(
        [one, other].map(async (user) => (await app.post('/auth/login', user.credentials)).body),
      );
      const [claim] = (await app.get('/users/me/mobile-changes', owners[0])).body;

      const cancelled = await app.delete(`/users/me/mobile-changes/${claim.id}`, owners[0]);
      const { state } = await changeNumber(app, owners[1]);

      expect([cancelled.status, state]).toEqual([204, 'pending']);
      const late = await answerTo(app, { ticket: await ticketFor(app, one.mobile), mine: true });
      expectCode(late, 'NUMBER_CLAIM_WAITS');
      const busy = await answerTo(app, { ticket: await ticketFor(app, other.mobile), mine: true });
      expectRefusal(busy, 'NUMBER_CLAIM_REFUSED');
    });
  });

  it('a disabled user is no question, and one with a role is left to the command line', async () => {
    const [disabled, operator] = [await without(), await withPassword()];
    await app.nest.get(UserOperationsService).disable(disabled.id, BY_SYSTEM);
    await giveRoles(app, operator.id, 'support');

    expectRefusal(await proveNumber(app, disabled.mobile), 'USER_DISABLED');
    const { password } = operator.credentials;
    for (const answer of [{ mine: false }, { mine: true }, { mine: true, password }]) {
      const ticket = await ticketFor(app, operator.mobile);
      expectRefusal(await answerTo(app, { ticket, ...answer }), 'NUMBER_CLAIM_REFUSED');
    }
  });

  it('a ticket opens one session, for five minutes, for its own number', async () => {
    const [user, other] = [await without(), await without()];
    const ticket = await ticketFor(app, user.mobile);
    const [id, expiry, mac] = ticket.split('.') as [string, string, string];
    const otherId = (await ticketFor(app, other.mobile)).split('.')[0];

    for (const forged of [
      'x',
      `${id}.${Number(expiry) + 600}.${mac}`,
      `${otherId}.${expiry}.${mac}`,
      `${id}.${expiry}.${'A'.repeat(43)}`,
    ]) {
      expectRefusal(await answerTo(app, { ticket: forged, mine: false }), 'INVALID_CODE');
    }
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => answerTo(app, { ticket, mine: index % 2 === 0 })),
    );

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expectRefusal(answer, 'INVALID_CODE');
    }
    expect(await app.sql.getRepository(User).countBy({ mobile: user.mobile as never })).toBe(1);
  });

  it('an answer that was lost is given again to who has its key, the question as well', async () => {
    const user = await without();
    const login = await codeFor(user.mobile);
    const headers = { 'idempotency-key': randomUUID() };
    const asked = await app.post('/auth/tokens', login, { headers });

    const askedAgain = await app.post('/auth/tokens', login, { headers });

    expect(askedAgain.body).toEqual({
      ...asked.body,
      request_id: askedAgain.body.request_id,
    });
    expectRefusal(await app.post('/auth/tokens', login), 'INVALID_CODE');
    const answer = { ticket: asked.body.ticket, mine: false };
    const key = { 'idempotency-key': randomUUID() };
    const first = await answerTo(app, answer, key);
    const second = await answerTo(app, answer, key);
    expect([first.status, second.status]).toEqual([201, 201]);
    for (const field of ['refresh_token', 'device_token', 'is_new_user'])
      expect(second.body[field]).toBe(first.body[field]);
    expectRefusal(await answerTo(app, answer), 'INVALID_CODE');
    expectRefusal(await answerTo(app, answer, { 'idempotency-key': randomUUID() }), 'INVALID_CODE');
  });

  it('"not me" in the week after a change waits like everybody, is on record, and takes nothing from its user', async () => {
    const user = await registerWithPassword(app);
    const { id } = await changeNumber(app, user);
    const moved = await proveNumber(app, user.mobile);
    const { ticket } = moved.body;

    const answer = await answerTo(app, { ticket, mine: false });

    expectCode(answer, 'NUMBER_MOVED');
    expect(answer.body).toMatchObject({ reserved_until: moved.body.reserved_until });
    expect(answer.body.ticket).toBeUndefined();
    const actions = (await auditOf(app, userIdOf(user.token))).map(({ action }) => action);
    expect(actions).toContain('mobile_change.disowned');
    expectRefusal(await answerTo(app, { ticket, mine: true }), 'INVALID_CODE');
    await letLapse(app, id);
    expect((await proveNumber(app, user.mobile)).body.is_new_user).toBe(true);
  });
});

describe('a number that may have changed hands, by the settings', () => {
  holdBackgroundJobs();

  it('opens nothing without the password with RECYCLED_NUMBERS=strict', async () => {
    const app = await TestApp.start({ env: { RECYCLED_NUMBERS: 'strict', LIMITS } });
    const [user, other] = [await registerWithPassword(app), await app.logIn()];
    for (const one of [user, other]) await letLieDormant(app, one);

    for (const { mobile } of [user, other]) {
      const answer = { ticket: await ticketFor(app, mobile), mine: true };
      expectRefusal(await answerTo(app, answer), 'NUMBER_CLAIM_REFUSED');
    }
    const { password } = user.credentials;
    const ticket = await ticketFor(app, user.mobile);
    expect((await answerTo(app, { ticket, mine: true, password })).status).toBe(201);
    await app.close();
  });

  it('with SIGNUP=closed is given up, and opens no account', async () => {
    const open = await TestApp.start({ env: { LIMITS } });
    const user = await open.logIn();
    await letLieDormant(open, user);
    const ticket = await ticketFor(open, user.mobile);
    const app = await open.restart({ env: { SIGNUP: 'closed' } });

    expectRefusal(await answerTo(app, { ticket, mine: false }), 'INVALID_CODE');

    expect(await app.sql.getRepository(User).findOneBy({ id: userIdOf(user.token) })).toMatchObject(
      { mobile: null },
    );
    await app.close();
  });

  it('is asked about in cookie mode as well, and what opens has the cookie', async () => {
    const origin = 'https://shop.example';
    const env = { REFRESH_COOKIE: 'on', CORS_ORIGINS: origin, LIMITS };
    const app = await TestApp.start({ env });
    const user = await app.logIn();
    await letLieDormant(app, user);
    const ticket = await ticketFor(app, user.mobile);
    const headers = { origin, 'tandem-session': 'cookie' };

    const foreign = await answerTo(app, { ticket, mine: false, session: 'cookie' });
    const answer = await answerTo(app, { ticket, mine: false, session: 'cookie' }, headers);

    expectRefusal(foreign, 'REQUEST_REFUSED', 403);
    expect(answer.status).toBe(201);
    expect(answer.body.refresh_token).toBeUndefined();
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-.*HttpOnly/);
    await app.close();
  });

  it('asks the hooks of a host before it opens anything', async () => {
    const asked: string[] = [];
    const hooks = {
      beforeRegistration: () => void asked.push('registration'),
      beforeLogin: () => void asked.push('login'),
    };
    const app = await TestApp.start({ hooks, env: { LIMITS } });
    const [one, other] = [await app.logIn(), await app.logIn()];
    for (const user of [one, other]) await letLieDormant(app, user);
    const [no, yes] = [await ticketFor(app, one.mobile), await ticketFor(app, other.mobile)];
    asked.length = 0;

    await answerTo(app, { ticket: no, mine: false });
    await answerTo(app, { ticket: yes, mine: true });

    expect(asked).toEqual(['registration', 'login']);
    await app.close();
  });

  it('of a test number is never asked about', async () => {
    const mobile = randomMobile();
    const TEST_NUMBERS = `${mobile}:123456@2099-01-01`;
    const app = await TestApp.start({ env: { TEST_NUMBERS, LIMITS } });
    const login = () => app.post('/auth/tokens', { mobile, code: '123456' });
    const { body } = await login();
    await letLieDormant(app, body);

    expect(userIdOf((await login()).body.token)).toBe(userIdOf(body.token));
    await app.close();
  });
});
