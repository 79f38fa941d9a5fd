import { ErasureService } from '../../src/auth/deletion/erasure.service';
import { DeletionService } from '../../src/auth/deletion/deletion.service';
import { BY_SYSTEM } from '../../src/audit/change';
import { Session } from '../../src/sessions/session.entity';
import { SessionsService } from '../../src/sessions/sessions.service';
import { User } from '../../src/users/user.entity';
import { UserProfile } from '../../src/users/user-profile.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { otherThan } from '../support/codes';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { logInByCode, newOperator, stepUp } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { listSessions, logInAgain, probe, rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf, eventsOf } from '../support/told';

const LIMITS = 'codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h';
const ENDED = [401, 403];

describe.each(MODES)('deleting a user (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;
  let user: UserWithPassword;
  let id: string;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS } });
  });
  beforeEach(async () => {
    user = await registerWithPassword(app);
    id = userIdOf(user.token);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const remove = ({ token }: { token: string } = user) => app.delete('/users/me', { token });
  const cancel = ({ token }: { token: string }) => app.delete('/users/me/deletion', { token });
  const askForCode = ({ token }: { token: string }) =>
    app.post('/users/me/deletion', { locale: 'en' }, { token });
  const removeBy = (code: string, { token }: { token: string }) =>
    app.put('/users/me/deletion', { code }, { token });
  const erasure = () => app.nest.get(ErasureService);
  const findUser = () => app.sql.getRepository(User).findOneBy({ id });
  const logIn = () => logInByCode(app, user);
  /** As if the user had asked for it so long ago. */
  const fallDue = async () => {
    expect((await remove(await logIn())).status).toBe(202);
    await app.sql.getRepository(User).update({ id }, { deletionAt: new Date(Date.now() - 1000) });
  };

  it('ends all sessions and devices at once, and says when the user is erased', async () => {
    const other = await logInAgain(app, user);

    const { status, body } = await remove();

    expect(status).toBe(202);
    expect(Date.parse(body.delete_at) / 86_400_000).toBeCloseTo(Date.now() / 86_400_000 + 14, 2);
    for (const session of [user, other]) {
      expect(await probe(app, session)).toEqual(ENDED);
      expect((await rowOf(app, session)).endReason).toBe('deleted');
    }
    const again = await logIn();
    expect((await app.get('/auth/devices', again)).body).toHaveLength(1);
    expect((await app.get('/users/me', again)).body.deletion_at).toBe(body.delete_at);
    expect(await listSessions(app, again)).toHaveLength(1);
  });

  it('rule 22: tells of it, of its end, and of who and when', async () => {
    const { body } = await remove();
    await cancel(await logIn());

    const told = (await auditOf(app, id)).filter(({ action }) =>
      action.startsWith('user.deletion'),
    );
    expect(
      told.map(({ action, actorKind, actorId, detail }) => [action, actorKind, actorId, detail]),
    ).toEqual([
      ['user.deletion_requested', 'user', id, JSON.stringify(body)],
      ['user.deletion_cancelled', 'user', id, null],
    ]);
    const types = (await eventsOf(app, id)).map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining([
        'user.deletion_requested',
        'session.ended',
        'user.deletion_cancelled',
      ]),
    );
  });

  it('is kept by a login that cancels it, and by nothing else', async () => {
    await fallDue();
    const back = await logIn();

    expect((await cancel(back)).status).toBe(204);
    await erasure().eraseDue();

    expect((await app.get('/users/me', back)).body).toMatchObject({ id, deletion_at: null });
    expectRefusal(await cancel(back), 'NOT_FOUND');
  });

  it('wants a code of the last ten minutes, which neither a password nor an old login is', async () => {
    const byPassword = await logInAgain(app, user);
    await app.sql
      .getRepository(Session)
      .decrement({ id: sessionIdOf(user.token) }, 'createdAt', 11 * 60_000);
    await stepUp(app, user);
    for (const session of [byPassword, user]) {
      expectRefusal(await remove(session), 'RECENT_CODE_REQUIRED');
      expectRefusal(await cancel(session), 'RECENT_CODE_REQUIRED');
      expectRefusal(await app.get('/users/me/export', session), 'RECENT_CODE_REQUIRED');
    }

    await lapseCooldown(app, user.mobile);
    const { code } = await app.requestCode(user.mobile);
    expect((await app.post('/auth/step-up', { code }, byPassword)).status).toBe(200);

    expect((await remove(byPassword)).status).toBe(202);
  });

  describe('by a code of its own', () => {
    it('deletes with it, in any session, and the message says what it does', async () => {
      const session = await logInAgain(app, user);
      expectRefusal(await askForCode(session), 'TOO_MANY_REQUESTS');
      await lapseCooldown(app, user.mobile);

      expect((await askForCode(session)).status).toBe(202);
      const message = app.inbox.messages.findLast(({ to }) => to === user.mobile)!;
      expect(message.text).toContain('to delete your account');
      expect(JSON.parse(message.raw.body)).toMatchObject({ purpose: 'deletion' });
      expectRefusal(await removeBy(otherThan(message.code), session), 'INVALID_CODE');
      const { status, body } = await removeBy(message.code, session);

      expect(status).toBe(202);
      expect((await findUser())!.deletionAt).toEqual(new Date(body.delete_at));
      expect(await probe(app, session)).toEqual(ENDED);
    });

    it('takes no code of a login, nor of another session, and logs nobody in', async () => {
      const [session, other] = [await logInAgain(app, user), await logInAgain(app, user)];
      await lapseCooldown(app, user.mobile);
      const login = await app.requestCode(user.mobile);
      expectRefusal(await removeBy(login.code, session), 'INVALID_CODE');
      await lapseCooldown(app, user.mobile);
      await askForCode(session);
      const code = app.inbox.codeFor(user.mobile);

      expectRefusal(await removeBy(code, other), 'INVALID_CODE');
      expectRefusal(await app.post('/auth/tokens', { mobile: user.mobile, code }), 'INVALID_CODE');
      expectRefusal(await app.post('/auth/step-up', { code }, session), 'INVALID_CODE');
      expect((await findUser())!.deletionAt).toBeNull();
    });

    it('has happened whole or not at all when the database goes away in between; the code works again', async () => {
      await lapseCooldown(app, user.mobile);
      await askForCode(user);
      const code = app.inbox.codeFor(user.mobile);
      const failing = jest.spyOn(app.nest.get(SessionsService), 'endAll');
      failing.mockRejectedValueOnce(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));

      expectRefusal(await removeBy(code, user), 'UNAVAILABLE');

      expect(failing).toHaveBeenCalled();
      expect((await findUser())!.deletionAt).toBeNull();
      expect((await removeBy(code, user)).status).toBe(202);
    });

    it('of many at once with it one deletes', async () => {
      await lapseCooldown(app, user.mobile);
      await askForCode(user);
      const code = app.inbox.codeFor(user.mobile);

      const answers = await Promise.all(Array.from({ length: 10 }, () => removeBy(code, user)));

      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
      const requested = (await auditOf(app, id)).filter(
        ({ action }) => action === 'user.deletion_requested',
      );
      expect(requested).toHaveLength(1);
    });
  });

  it('keeps the earlier of two times', async () => {
    const { body } = await remove();

    expect((await remove(await logIn())).body).toEqual(body);
    const types = (await eventsOf(app, id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'user.deletion_requested')).toHaveLength(1);
  });

  it('takes no last admin away, and counts none who is about to go', async () => {
    await app.sql.getRepository(User).update({ status: 'active' }, { roles: [] });
    const [one, other] = [await newOperator(app, 'admin'), await newOperator(app, 'admin')];

    expect((await remove(one)).status).toBe(202);

    expectRefusal(await remove(other), 'LAST_ADMIN');
    expect((await app.get('/users/me', other)).status).toBe(200);
  });

  it('rule 20: the number is free, the id is not, and nothing of the old user comes back', async () => {
    await fallDue();
    const session = await logIn();

    await erasure().eraseDue();

    expect(await findUser()).toBeNull();
    expect(await app.sql.getRepository(UserProfile).findOneByOrFail({ id })).toMatchObject({
      id,
      deletedAt: expect.any(Date),
    });
    expect(await probe(app, session)).toEqual(ENDED);
    expectRefusal(await app.post('/auth/login', user.credentials), 'INVALID_CREDENTIALS');
    await lapseCooldown(app, user.mobile);
    const { token } = await app.logIn(user.mobile);
    expect(userIdOf(token)).not.toBe(id);
    expect((await app.get('/users/me', { token })).body).toMatchObject({
      username: null,
      deletion_at: null,
    });
    expect((await eventsOf(app, id)).at(-1)!.type).toBe('user.deleted');
    const ids = app.sql.getRepository(UserProfile);
    await expect(ids.insert({ id })).rejects.toThrow();
  });

  it('rule 20: dead tokens stay dead, also with the rows gone', async () => {
    await fallDue();
    const session = await logIn();
    await erasure().eraseDue();
    await app.sql.getRepository(Session).delete({ userId: id });

    expect(await probe(app, session)).toEqual(ENDED);
  });

  it('is erased at once where there is no grace', async () => {
    const by = { ...BY_SYSTEM, reason: 'asked by letter' };

    const at = await app.nest.get(DeletionService).request(id, by, 0);

    expect(at.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await findUser()).toBeNull();
  });

  it('rule 20: of logins, cancellations and erasures at the same time none leaves a session to nobody', async () => {
    for (let round = 0; round < 5; round++) {
      user = await registerWithPassword(app);
      id = userIdOf(user.token);
      await fallDue();
      const [back, { code }] = [await logIn(), await newCode()];

      const [login, cancelled] = await Promise.all([
        app.post('/auth/tokens', { mobile: user.mobile, code }),
        cancel(back),
        erasure().eraseDue(),
        erasure().erase(id),
      ]);

      const isKept = cancelled.status === 204;
      expect(isKept).toBe((await findUser()) !== null);
      expect((await eventsOf(app, id)).filter(({ type }) => type === 'user.deleted')).toHaveLength(
        isKept ? 0 : 1,
      );
      // The code may go with whoever had it sent.
      if (login.status === 400) continue;
      expect(login.status).toBe(201);
      const me = await app.get('/users/me', { token: login.body.token });
      if (userIdOf(login.body.token) === id) expect(me.status).toBe(isKept ? 200 : 401);
      else expect([isKept, me.status]).toEqual([false, 200]);
    }
  });

  it('has changed nothing where it fails in between', async () => {
    await fallDue();
    const sessions = app.nest.get(ErasureService)['subjects'];
    jest.spyOn(sessions, 'of').mockRejectedValueOnce(new Error('killed'));

    await erasure().eraseDue();

    expect(await findUser()).not.toBeNull();
    await erasure().eraseDue();
    expect(await findUser()).toBeNull();
  });

  const newCode = async () => {
    await lapseCooldown(app, user.mobile);
    return app.requestCode(user.mobile);
  };
});
