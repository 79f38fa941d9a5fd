import { BY_SYSTEM } from '../../src/audit/change';
import { DeletionService } from '../../src/auth/deletion/deletion.service';
import { MobileChangeJobsService } from '../../src/auth/mobile-changes/mobile-change-jobs.service';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { DevicesService } from '../../src/sessions/devices.service';
import { MobileChange } from '../../src/users/mobile-change.entity';
import { User } from '../../src/users/user.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import type { Answer } from '../support/client';
import {
  randomCredentials,
  registerWithPassword,
  type UserWithPassword,
} from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import {
  askForChange,
  changeNumber,
  letLapse,
  proveChange,
  proveNumber,
} from '../support/number-changes';
import { logInByCode, newOperator } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { probe } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf, eventsOf } from '../support/told';

const LIMITS = 'codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h';
const ENDED = [401, 403];
const WEEK_MS = 7 * 86_400_000;

describe.each(MODES)('the week after a number has moved (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;
  let user: UserWithPassword;
  let id: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS, DELETION_GRACE: '0s' } });
  });
  beforeEach(async () => {
    user = await registerWithPassword(app);
    id = userIdOf(user.token);
    await makeOld();
  });
  afterAll(() => app.close());

  const me = async ({ token }: { token: string }) => (await app.get('/users/me', { token })).body;
  const undo = (claim: object) => app.post('/auth/mobile-changes/undo', claim);
  const confirm = (change: string, password: string, { token }: { token: string } = user) =>
    app.post(`/users/me/mobile-changes/${change}/confirmation`, { password }, { token });
  const byPassword = () => app.post('/auth/login', user.credentials);
  const ownerOf = async (mobile: string) => userIdOf((await proveNumber(app, mobile)).body.token);
  const ticketOf = async (mobile: string): Promise<string> =>
    (await proveNumber(app, mobile)).body.ticket;
  /** As if password and username had been there for long. */
  const makeOld = async () => {
    const setAt = new Date(Date.now() - WEEK_MS - 1);
    const old = { passwordSetAt: setAt, usernameSetAt: setAt };
    await app.sql.getRepository(User).update({ id }, old);
  };
  /** As a thief with the phone in hand does: sets a password, and moves the number. */
  const steal = async () => {
    const credentials = randomCredentials();
    await app.put('/users/me/password', credentials, { token: user.token });
    return { ...(await changeNumber(app, user)), credentials };
  };

  it('rule 19: a right code to the old number opens nothing, and tells nothing of the account', async () => {
    const { id: change, mobile } = await changeNumber(app, user);

    const answer = await proveNumber(app, user.mobile);

    expect(answer.status).toBe(409);
    expect(answer.body).toEqual({
      statusCode: 409,
      error: 'Conflict',
      errorCode: 'NUMBER_MOVED',
      message: expect.any(String),
      ticket: expect.any(String),
      reserved_until: expect.any(String),
      request_id: expect.any(String),
    });
    const week = Date.parse(answer.body.reserved_until) - Date.now();
    expect(week / WEEK_MS).toBeCloseTo(1, 2);
    const { password } = user.credentials;
    const login = { mobile: user.mobile, password };
    expectRefusal(await app.post('/auth/login', login), 'INVALID_CREDENTIALS');
    expect((await app.post('/auth/login', { mobile, password })).status).toBe(201);
    await letLapse(app, change);
    expect((await proveNumber(app, user.mobile)).body.is_new_user).toBe(true);
    expect(await ownerOf(mobile)).toBe(id);
  });

  it('rule 19: nobody else can take the old number, and what comes at the same time opens no account with it', async () => {
    await lapseCooldown(app, user.mobile);
    const login = await app.requestCode(user.mobile);
    const { id: change, code } = await askForChange(app, user);

    const [moved, late] = await Promise.all([
      proveChange(app, user, change, code),
      app.post('/auth/tokens', login),
    ]);

    expect(moved.status).toBe(200);
    if (late.status === 201) expect(userIdOf(late.body.token)).toBe(id);
    else expect(late.body.errorCode).toBe('NUMBER_MOVED');
    const other = await app.logIn();
    await lapseCooldown(app, user.mobile);
    const theirs = await askForChange(app, other, user.mobile);
    expectRefusal(await proveChange(app, other, theirs.id, theirs.code), 'MOBILE_TAKEN');
  });

  it('no number moves again while one is kept', async () => {
    await changeNumber(app, user);

    const answer = await app.post('/users/me/mobile-changes', { mobile: randomMobile() }, user);

    expectRefusal(answer, 'MOBILE_CHANGE_ACTIVE');
  });

  const usernameOf = async () =>
    (await app.sql.getRepository(User).findOneByOrFail({ id })).username;
  const logInTo = ({ username }: { username: string }, { password } = user.credentials) =>
    app.post('/auth/login', { username, password });

  describe('a thief with a session', () => {
    it('loses the username that they have set; the one of before is back, unless somebody else has it', async () => {
      for (const isTaken of [false, true]) {
        const { mobile } = await changeNumber(app, user);
        await app.put('/users/me/password', randomCredentials(), { token: user.token });
        const other = isTaken && (await app.logIn());
        if (other) await app.put('/users/me/password', user.credentials, other);

        const { body } = await undo({
          mobile: user.mobile,
          password: user.credentials.password,
        });

        expect(body).toEqual({ state: 'reverted' });
        expect(await usernameOf()).toBe(isTaken ? null : user.credentials.username);
        const back = await logInTo(user.credentials);
        expect(userIdOf(back.body.token) === id).toBe(!isTaken);
        expect((await proveNumber(app, mobile)).body.is_new_user).toBe(true);
        user = { ...user, ...(await logInByCode(app, user)) };
      }
    });

    it('loses the username that they have set in the week before, and no older one by setting a password', async () => {
      const own = user.credentials;
      for (const [username, left] of [
        [own.username, own.username],
        ['', own.username],
        [randomCredentials().username, null],
      ]) {
        const { password } = randomCredentials();
        const set = { password, ...(username && { username }) };
        await app.put('/users/me/password', set, { token: user.token });
        await changeNumber(app, user);

        await undo({ ticket: await ticketOf(user.mobile) });

        expect(await usernameOf()).toBe(left);
        await app.sql.getRepository(MobileChange).update({ activeOf: id }, { dueAt: new Date(0) });
        await app.nest.get(MobileChangeJobsService).workOff();
        user = { ...user, ...(await logInByCode(app, user)) };
      }
    });

    it('who undoes by a password younger than a week is contested, as one with a code is', async () => {
      const { password } = randomCredentials();
      await app.put('/users/me/password', { password }, { token: user.token });
      const { mobile } = await changeNumber(app, user);

      const { body } = await undo({ mobile: user.mobile, password });

      expect(body).toEqual({ state: 'undone' });
      expect((await undo({ ticket: await ticketOf(mobile) })).body).toEqual({ state: 'recovery' });
    });

    it('loses the account to a code to the old number, with the password that they have set; the old one works again', async () => {
      const { mobile, credentials } = await steal();
      await lapseCooldown(app, mobile);
      const thief = await app.logIn(mobile);

      const answer = await undo({ ticket: await ticketOf(user.mobile) });

      expect([answer.status, answer.body]).toEqual([200, { state: 'undone' }]);
      for (const session of [user, thief]) expect(await probe(app, session)).toEqual(ENDED);
      expectRefusal(await app.post('/auth/login', credentials), 'INVALID_CREDENTIALS');
      expect(await ownerOf(user.mobile)).toBe(id);
      const types = (await eventsOf(app, id)).map(({ type }) => type);
      expect(types.filter((type) => type === 'user.mobile_changed')).toHaveLength(2);
    });

    it('loses it to the password as it was, and then has nothing to contest it with', async () => {
      const { mobile } = await changeNumber(app, user);
      const { password } = user.credentials;

      const answer = await undo({ mobile: user.mobile, password });

      expect(answer.body).toEqual({ state: 'reverted' });
      expect(await probe(app, user)).toEqual(ENDED);
      expect((await byPassword()).status).toBe(201);
      expect((await proveNumber(app, mobile)).body.is_new_user).toBe(true);
      expect(await ownerOf(user.mobile)).toBe(id);
    });

    it('cannot confirm it with a password that is younger than a week', async () => {
      const { id: change, credentials } = await steal();

      expectRefusal(await confirm(change, credentials.password), 'FORBIDDEN');
      expectRefusal(await confirm(change, 'not the password'), 'INVALID_CREDENTIALS');
    });

    it('cannot delete the account before the week is over; the undoing cancels that', async () => {
      await changeNumber(app, user);
      const { body } = await app.delete('/users/me', { token: user.token });
      expect((Date.parse(body.delete_at) - Date.now()) / WEEK_MS).toBeCloseTo(1, 2);

      await undo({ ticket: await ticketOf(user.mobile) });

      const back = await logInByCode(app, user);
      expect(await me(back)).toMatchObject({ id, mobile: user.mobile, deletion_at: null });
    });
  });

  describe('a thief with the old number', () => {
    it('gets nothing once the user has shown an old password', async () => {
      const { id: change, mobile } = await changeNumber(app, user);
      const ticket = await ticketOf(user.mobile);

      expect((await confirm(change, user.credentials.password)).status).toBe(204);

      expectRefusal(await undo({ ticket }), 'INVALID_CODE');
      expect((await proveNumber(app, user.mobile)).body.is_new_user).toBe(true);
      expect(await me(user)).toMatchObject({ id, mobile });
    });

    it('and the user bring the account into recovery, where an operator decides', async () => {
      const { id: change, mobile } = await changeNumber(app, user);
      await undo({ ticket: await ticketOf(user.mobile) });
      const thief = await logInByCode(app, user);

      const answer = await undo({ ticket: await ticketOf(mobile) });

      expect(answer.body).toEqual({ state: 'recovery' });
      expect(await probe(app, thief)).toEqual(ENDED);
      for (const number of [user.mobile, mobile]) {
        expectRefusal(await proveNumber(app, number), 'USER_DISABLED');
      }
      expectRefusal(await byPassword(), 'USER_DISABLED');
      const actions = (await auditOf(app, id)).map(({ action }) => action);
      expect(actions).toEqual(expect.arrayContaining(['mobile_change.contested', 'user.disabled']));
      await letLapse(app, change);
      await app.nest.get(UserOperationsService).enable(id, BY_SYSTEM);
      expect(await ownerOf(user.mobile)).toBe(id);
      expect((await proveNumber(app, mobile)).body.is_new_user).toBe(true);
    });

    it('who lets a week pass after an undoing lets the other number go', async () => {
      const { id: change, mobile } = await changeNumber(app, user);
      await undo({ ticket: await ticketOf(user.mobile) });

      await letLapse(app, change);

      expect((await proveNumber(app, mobile)).body.is_new_user).toBe(true);
      expect(await ownerOf(user.mobile)).toBe(id);
    });
  });

  it('a ticket works once, for five minutes, and for its change only', async () => {
    await changeNumber(app, user);
    const ticket = await ticketOf(user.mobile);
    const [change, expiry, mac] = ticket.split('.') as [string, string, string];
    const later = `${change}.${Number(expiry) + 600}.${mac}`;

    for (const forged of [
      'x',
      later,
      `1.${expiry}.${mac}`,
      `${change}.${expiry}.${'A'.repeat(43)}`,
    ]) {
      expectRefusal(await undo({ ticket: forged }), 'INVALID_CODE');
    }
    const answers = await Promise.all(Array.from({ length: 5 }, () => undo({ ticket })));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expectRefusal(answer, 'INVALID_CODE');
    }
    expect(await ownerOf(user.mobile)).toBe(id);
  });

  it('an undoing has happened whole or not at all when the database goes away in between', async () => {
    const { mobile } = await changeNumber(app, user);
    const ticket = await ticketOf(user.mobile);
    const failing = jest.spyOn(app.nest.get(DevicesService), 'endAll');
    failing.mockRejectedValueOnce(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));

    expectRefusal(await undo({ ticket }), 'UNAVAILABLE');

    expect(failing).toHaveBeenCalled();
    expect(await me(user)).toMatchObject({ mobile });
    expect((await undo({ ticket })).body).toEqual({ state: 'undone' });
    expect(await ownerOf(user.mobile)).toBe(id);
  });

  it('passwords against a number are five, whether it is kept or not, and answered alike', async () => {
    await changeNumber(app, user);

    const tries = (mobile: string) => async (): Promise<Answer[]> => {
      const answers: Answer[] = [];
      for (let i = 0; i < 6; i++)
        answers.push(await undo({ mobile, password: 'not the password' }));
      return answers;
    };
    const [kept, unknown] = [await tries(user.mobile)(), await tries(randomMobile())()];

    const statuses = [400, 400, 400, 400, 400, 429];
    for (const answers of [kept, unknown]) {
      expect(answers.map(({ status }) => status)).toEqual(statuses);
    }
    expectRefusal(kept[0]!, 'INVALID_CREDENTIALS');
    const { password } = user.credentials;
    expectRefusal(await undo({ mobile: user.mobile, password }), 'TOO_MANY_REQUESTS');
    expect((await undo({ ticket: await ticketOf(user.mobile) })).body.state).toBe('undone');
  });

  it('a disabled user gets nothing back', async () => {
    await changeNumber(app, user);
    const ticket = await ticketOf(user.mobile);
    await app.nest.get(UserOperationsService).disable(id, BY_SYSTEM);
    const { password } = user.credentials;

    expectRefusal(await undo({ ticket }), 'USER_DISABLED');
    expectRefusal(await undo({ mobile: user.mobile, password }), 'USER_DISABLED');
  });

  it('operators find the user, and no other, by neither the kept number nor the id of the change', async () => {
    const { id: change } = await changeNumber(app, user);
    const admin = await newOperator(app, 'admin');

    for (const query of [user.mobile, change]) {
      const { body } = await app.post('/admin/search', { query }, admin);
      expect(body.users).toEqual([]);
    }
    const disable = `/admin/users/${change}/disable`;
    expectRefusal(await app.post(disable, { reason: 'test' }, admin), 'NOT_FOUND');
    expectRefusal(await app.get(`/admin/users/${change}`, admin), 'NOT_FOUND');
  });

  it('rule 20: an erased user leaves neither number, nor one of them kept', async () => {
    const { mobile } = await changeNumber(app, user);
    await ticketOf(user.mobile);

    await app.nest.get(DeletionService).request(id, BY_SYSTEM, 0);

    const rows = app.sql.getRepository(MobileChange);
    expect(await rows.countBy({ userId: id })).toBe(0);
    for (const { target } of app.sql.entityMetadatas) {
      const text = JSON.stringify(await app.sql.getRepository(target).find());
      for (const number of [user.mobile, mobile]) expect(text).not.toContain(number);
    }
    for (const number of [user.mobile, mobile]) {
      expect((await proveNumber(app, number)).body.is_new_user).toBe(true);
    }
  });
});
