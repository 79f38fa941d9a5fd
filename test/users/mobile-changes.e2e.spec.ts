import { BY_SYSTEM } from '../../src/audit/change';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { DevicesService } from '../../src/sessions/devices.service';
import { MobileChange } from '../../src/users/mobile-change.entity';
import { Session } from '../../src/sessions/session.entity';
import { User } from '../../src/users/user.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { otherThan } from '../support/codes';
import { registerWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import {
  askForChange,
  changeNumber,
  letLapse,
  proveChange,
  proveNumber,
} from '../support/number-changes';
import { giveRoles, logInByCode } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { logInAgain, probe, rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf, eventsOf } from '../support/told';

const LIMITS =
  'codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h,mobile-changes-per-user=6/1d';
const LIVE = [200, 201];
const ENDED = [401, 403];

const isOfChange = ([name]: readonly [name: string, reason: unknown]) =>
  name.startsWith('mobile_change');
const reasonIn = (data: string | null) => JSON.parse(data ?? '{}').reason;

describe.each(MODES)('changing the number (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;

  beforeAll(async () => {
    const TEST_NUMBERS = '+8613900000001:314159@2999-01-01';
    app = await TestApp.start({ mode, env: { LIMITS, TEST_NUMBERS } });
  });
  afterAll(() => app.close());

  const me = async ({ token }: { token: string }) => (await app.get('/users/me', { token })).body;
  const list = async ({ token }: { token: string }) =>
    (await app.get('/users/me/mobile-changes', { token })).body;
  const cancel = (id: string, { token }: { token: string }) =>
    app.delete(`/users/me/mobile-changes/${id}`, { token });
  const ask = (mobile: string, { token }: { token: string }) =>
    app.post('/users/me/mobile-changes', { mobile }, { token });
  const makeOld = async ({ token }: { token: string }) =>
    app.sql.getRepository(Session).decrement({ id: sessionIdOf(token) }, 'createdAt', 11 * 60_000);

  it('moves at once after a code to the present number; every other session and device ends', async () => {
    const user = await registerWithPassword(app);
    const other = await logInAgain(app, user);

    const { id, code, mobile, body } = await askForChange(app, user);
    const message = app.inbox.messages.findLast(({ to }) => to === mobile)!;
    expect(JSON.parse(message.raw.body)).toMatchObject({
      purpose: 'mobile_change',
      text: expect.stringContaining('更换手机号'),
    });
    expect(body.delay).toBe(0);
    const answer = await proveChange(app, user, id, code);

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, state: 'moved' });
    expect(await me(user)).toMatchObject({
      mobile,
      name: `${mobile.slice(0, 6)}****${mobile.slice(-4)}`,
    });
    expect(await probe(app, user)).toEqual(LIVE);
    expect(await probe(app, other)).toEqual(ENDED);
    expect((await rowOf(app, other)).endReason).toBe('mobile_changed');
    expect((await app.get('/auth/devices', user)).body).toEqual([]);
    expect(userIdOf((await proveNumber(app, mobile)).body.token)).toBe(userIdOf(user.token));
  });

  it('keeps a name that the user has chosen', async () => {
    const user = await app.logIn();
    await app.patch('/users/me', { name: 'Li Wei' }, user);

    await changeNumber(app, user);

    expect((await me(user)).name).toBe('Li Wei');
  });

  it('rule 22: tells of it as audit and event, and tells the number before', async () => {
    const user = await app.logIn();
    const { id } = await changeNumber(app, user);

    const userId = userIdOf(user.token);
    const told = (await auditOf(app, userId)).find((row) => row.action === 'user.mobile_changed');
    expect(told).toMatchObject({ actorKind: 'user', detail: JSON.stringify({ change_id: id }) });
    expect(JSON.parse(told!.personal!)).toMatchObject({ last_two: user.mobile.slice(-2) });
    const types = (await eventsOf(app, userId)).map(({ type }) => type);
    expect(types).toContain('user.mobile_changed');
    expect((await me(user)).security_notices).toMatchObject([{ kind: 'mobile_changed' }]);
  });

  it('rule 22: tells how it ends: by itself, for another one, because the number is taken, for good', async () => {
    const [user, holder] = [await app.logIn(), await app.logIn()];
    await letLapse(app, (await askForChange(app, user)).id);
    await askForChange(app, user);
    await lapseCooldown(app, holder.mobile);
    const taken = await askForChange(app, user, holder.mobile);
    await proveChange(app, user, taken.id, taken.code);
    await letLapse(app, (await changeNumber(app, user)).id);

    const [audit, events] = [
      await auditOf(app, userIdOf(user.token)),
      await eventsOf(app, userIdOf(user.token)),
    ];
    const ends = [
      ['mobile_change.cancelled', 'lapsed'],
      ['mobile_change.cancelled', 'replaced'],
      ['mobile_change.cancelled', 'taken'],
      ['mobile_change.confirmed', 'lapsed'],
    ];
    expect(audit.map(({ action, reason }) => [action, reason] as const).filter(isOfChange)).toEqual(
      ends,
    );
    expect(
      events.map(({ type, data }) => [type, reasonIn(data)] as const).filter(isOfChange),
    ).toEqual(ends);
  });

  it('rule 19: a code for another change, of a login, or in another session proves nothing', async () => {
    const [user, stranger] = [await app.logIn(), await app.logIn()];
    const mine = await askForChange(app, user);
    const theirs = await askForChange(app, stranger);
    await lapseCooldown(app, mine.mobile);
    const login = await app.requestCode(mine.mobile);

    for (const code of [theirs.code, login.code]) {
      expectRefusal(await proveChange(app, user, mine.id, code), 'INVALID_CODE');
    }
    expectRefusal(await proveChange(app, stranger, mine.id, mine.code), 'NOT_FOUND');
    await lapseCooldown(app, user.mobile);
    const again = await app.logIn(user.mobile);
    expectRefusal(await proveChange(app, again, mine.id, mine.code), 'NOT_FOUND');
    const asLogin = { mobile: mine.mobile, code: mine.code };
    expectRefusal(await app.post('/auth/tokens', asLogin), 'INVALID_CODE');
    expect(await me(user)).toMatchObject({ mobile: user.mobile });
  });

  it('rule 19: that a number is taken is told after its proof only, and who has it notices nothing', async () => {
    const [user, holder] = [await app.logIn(), await app.logIn()];
    await lapseCooldown(app, holder.mobile);
    const { id, code } = await askForChange(app, user, holder.mobile);

    expectRefusal(await proveChange(app, user, id, otherThan(code)), 'INVALID_CODE');
    expectRefusal(await proveChange(app, user, id, code), 'MOBILE_TAKEN');

    expect(await me(user)).toMatchObject({ mobile: user.mobile });
    expect(await me(holder)).toMatchObject({ mobile: holder.mobile });
    expect(await list(user)).toEqual([]);
  });

  it('rule 19: of two who take one number at the same time one gets it', async () => {
    for (let round = 0; round < 3; round++) {
      const [one, other, mobile] = [await app.logIn(), await app.logIn(), randomMobile()];
      const first = await askForChange(app, one, mobile);
      await lapseCooldown(app, mobile);
      const second = await askForChange(app, other, mobile);
      await lapseCooldown(app, mobile);
      const login = await app.requestCode(mobile);

      const answers = await Promise.all([
        proveChange(app, one, first.id, first.code),
        proveChange(app, other, second.id, second.code),
        app.post('/auth/tokens', login),
      ]);

      const statuses = answers.map(({ status }) => status);
      const holders = [await me(one), await me(other)].filter((user) => user.mobile === mobile);
      const isNew = statuses[2] === 201 && answers[2].body.is_new_user;
      expect(holders.length + (isNew ? 1 : 0)).toBe(1);
      expect(statuses.slice(0, 2).filter((status) => status === 200)).toHaveLength(holders.length);
    }
  });

  it('a proof whose answer was lost is answered again; a hundred at once move once', async () => {
    const user = await app.logIn();
    const { id, code } = await askForChange(app, user);

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => proveChange(app, user, id, code)),
    );

    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect((await proveChange(app, user, id, code)).body.state).toBe('moved');
    const moves = (await eventsOf(app, userIdOf(user.token))).filter(
      ({ type }) => type === 'user.mobile_changed',
    );
    expect(moves).toHaveLength(1);
  });

  it('has moved whole or not at all when the database goes away in between; the code works again', async () => {
    const user = await app.logIn();
    const { id, code, mobile } = await askForChange(app, user);
    const failing = jest.spyOn(app.nest.get(DevicesService), 'endAll');
    failing.mockRejectedValueOnce(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));

    expectRefusal(await proveChange(app, user, id, code), 'UNAVAILABLE');

    expect(failing).toHaveBeenCalled();
    expect(await me(user)).toMatchObject({ mobile: user.mobile });
    expect(await list(user)).toMatchObject([{ id, state: 'open' }]);
    expect((await proveChange(app, user, id, code)).body.state).toBe('moved');
    expect(await me(user)).toMatchObject({ mobile });
  });

  it('asked for again, it is the same change and code; for another number it is another', async () => {
    const user = await app.logIn();
    const first = await askForChange(app, user);
    await lapseCooldown(app, first.mobile);
    const again = await askForChange(app, user, first.mobile);
    expect([again.id, again.code]).toEqual([first.id, first.code]);

    const other = await askForChange(app, user);

    expect(other.id).not.toBe(first.id);
    expectRefusal(await proveChange(app, user, first.id, first.code), 'NOT_FOUND');
    expect(await list(user)).toMatchObject([{ id: other.id, state: 'open' }]);
  });

  it('wants a login of the last ten minutes, and is not for users with roles, nor for test numbers', async () => {
    const user = await registerWithPassword(app);
    expectRefusal(await ask(user.mobile, user), 'VALIDATION_FAILED');
    expectRefusal(await ask('+8613900000001', user), 'VALIDATION_FAILED');
    await makeOld(user);
    expectRefusal(await ask(randomMobile(), user), 'RECENT_LOGIN_REQUIRED');

    await giveRoles(app, userIdOf(user.token), 'viewer');
    expectRefusal(await ask(randomMobile(), await logInByCode(app, user)), 'FORBIDDEN');
  });

  it('is not more often than the limit, which failures do not count for', async () => {
    const user = await app.logIn();
    for (let i = 0; i < 2; i++) await ask(user.mobile, user);
    for (let i = 0; i < 6; i++) await askForChange(app, user);

    expectRefusal(await ask(randomMobile(), user), 'TOO_MANY_REQUESTS');
  });

  describe('after a password only', () => {
    it('waits 72 hours, is shown to every session, and moves then', async () => {
      const user = await registerWithPassword(app);
      await makeOld(user);
      const session = await logInAgain(app, user);
      const { id, code, mobile, body } = await askForChange(app, session);
      expect(body.delay).toBe(72 * 3600);

      expect((await proveChange(app, session, id, code)).body.state).toBe('pending');

      expect(await me(user)).toMatchObject({
        mobile: user.mobile,
        security_notices: expect.arrayContaining([
          expect.objectContaining({ kind: 'mobile_change_requested' }),
        ]),
      });
      expect(await list(user)).toMatchObject([{ id, state: 'pending' }]);
      expectRefusal(await ask(randomMobile(), session), 'MOBILE_CHANGE_ACTIVE');
      await letLapse(app, id);
      expect(await me(session)).toMatchObject({ mobile });
      expect(await probe(app, user)).toEqual(ENDED);
    });

    it('is cancelled by any live session, as by one that a code to the number opens', async () => {
      const user = await registerWithPassword(app);
      await makeOld(user);
      const thief = await logInAgain(app, user);
      const { id } = await changeNumber(app, thief);
      const owner = await logInByCode(app, user);
      expectRefusal(await cancel(id, await app.logIn()), 'NOT_FOUND');

      expect((await cancel(id, owner)).status).toBe(204);

      expectRefusal(await cancel(id, owner), 'NOT_FOUND');
      await letLapse(app, id);
      expect(await me(owner)).toMatchObject({ mobile: user.mobile });
      const actions = (await auditOf(app, userIdOf(user.token))).map(({ action }) => action);
      expect(actions.filter((action) => action.startsWith('mobile_change'))).toEqual([
        'mobile_change.requested',
        'mobile_change.cancelled',
      ]);
    });

    it('is cancelled by a device of the user that has no session, and by no other', async () => {
      const user = await registerWithPassword(app);
      const { id } = await changeNumber(app, await logInAgain(app, user));
      await app.delete('/auth/tokens', user);
      const cancelBy = (device_token: string) =>
        app.post('/auth/mobile-changes/undo', { device_token });
      const forged = `${user.device_token.slice(0, -43)}${'A'.repeat(43)}`;
      expectRefusal(await cancelBy(forged), 'INVALID_CREDENTIALS');
      expectRefusal(await cancelBy((await app.logIn()).device_token), 'NOT_FOUND');

      expect((await cancelBy(user.device_token)).body).toEqual({ state: 'cancelled' });

      await letLapse(app, id);
      const owner = await logInByCode(app, user);
      expect(await me(owner)).toMatchObject({ mobile: user.mobile });
      const told = await auditOf(app, userIdOf(user.token));
      expect(told.map(({ action }) => action)).toContain('mobile_change.cancelled');
    });

    it('is not cancelled by a device that has ended, nor more often than the limit tried', async () => {
      const user = await registerWithPassword(app);
      const { id } = await changeNumber(app, await logInAgain(app, user));
      const [{ id: device }] = (await app.get('/auth/devices', user)).body;
      await app.delete(`/auth/devices/${device}`, user);
      const cancelBy = () =>
        app.post('/auth/mobile-changes/undo', { device_token: user.device_token });

      for (let i = 0; i < 5; i++) expectRefusal(await cancelBy(), 'INVALID_CREDENTIALS');

      expectRefusal(await cancelBy(), 'TOO_MANY_REQUESTS');
      expect(await list(user)).toMatchObject([{ id, state: 'pending' }]);
    });

    it('moves nothing once the user has set another password, or ended the session that asked', async () => {
      for (const defend of [
        async (owner: { token: string }) =>
          app.put('/users/me/password', { password: 'another one entirely' }, owner),
        async (owner: { token: string }) => app.delete('/auth/sessions', owner),
        async (owner: { token: string }) => app.delete('/users/me/password', owner),
      ]) {
        const user = await registerWithPassword(app);
        const thief = await logInAgain(app, user);
        const { id } = await changeNumber(app, thief);

        expect((await defend(user)).status).toBe(204);

        await letLapse(app, id);
        expect(await me(user)).toMatchObject({ mobile: user.mobile });
        expect(await list(user)).toEqual([]);
      }
    });

    it('moves nothing once the user is to be erased, or was disabled, also after that', async () => {
      const operations = app.nest.get(UserOperationsService);
      for (const close of [
        (owner: { token: string }) => app.delete('/users/me', owner),
        async ({ token }: { token: string }) => {
          await operations.disable(userIdOf(token), BY_SYSTEM);
          await operations.enable(userIdOf(token), BY_SYSTEM);
        },
      ]) {
        const user = await registerWithPassword(app);
        const thief = await logInAgain(app, user);
        const { id } = await changeNumber(app, thief);
        await app.delete('/auth/tokens', thief);

        await close(user);

        await letLapse(app, id);
        expect(await me((await app.post('/auth/login', user.credentials)).body)).toMatchObject({
          mobile: user.mobile,
        });
      }
    });

    it('moves all the same when the session that asked has logged out', async () => {
      const user = await registerWithPassword(app);
      const session = await logInAgain(app, user);
      const { id, mobile } = await changeNumber(app, session);
      await app.delete('/auth/tokens', session);

      await letLapse(app, id);

      const { mobile: moved } = await app.sql
        .getRepository(User)
        .findOneByOrFail({ id: userIdOf(user.token) });
      expect(moved).toBe(mobile);
    });

    it('moves nobody who was disabled meanwhile, and takes nobody their number', async () => {
      const [user, other] = [await registerWithPassword(app), await registerWithPassword(app)];
      const [disabled, late] = [await logInAgain(app, user), await logInAgain(app, other)];
      await Promise.all([makeOld(user), makeOld(other)]);
      const first = await changeNumber(app, disabled);
      const second = await changeNumber(app, late);
      await app.nest.get(UserOperationsService).disable(userIdOf(user.token), BY_SYSTEM);
      await lapseCooldown(app, second.mobile);
      const holder = await app.logIn(second.mobile);

      await letLapse(app, first.id);
      await letLapse(app, second.id);

      const rows = app.sql.getRepository(MobileChange);
      expect((await rows.findOneByOrFail({ id: first.id })).state).toBe('cancelled');
      expect((await rows.findOneByOrFail({ id: second.id })).state).toBe('taken');
      expect(await me(holder)).toMatchObject({ mobile: second.mobile });
      expect(await me(late)).toMatchObject({ mobile: other.mobile });
    });
  });
});
