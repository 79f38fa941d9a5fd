import { OrderedChangesService } from '../../src/auth/mobile-changes/ordered-changes.service';
import type { E164 } from '../../src/common/phone-number';
import { CLI } from '../support/actors';
import { holdBackgroundJobs } from '../support/background-jobs';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { changeNumber, letLapse, proveNumber } from '../support/number-changes';
import { giveRoles, newOperator } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { probe } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf } from '../support/told';

const LIMITS = 'codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h';
const LIVE = [200, 201];
const ENDED = [401, 403];

describe.each(MODES)('a number that an operator gives a user (%s)', (mode) => {
  holdBackgroundJobs();
  const asked: string[] = [];
  let app: TestApp;
  let admin: UserWithPassword & { id: string };
  let user: UserWithPassword;
  let id: string;

  beforeAll(async () => {
    const hooks = { beforeLogin: ({ id: whom }: { id: string }) => void asked.push(whom) };
    app = await TestApp.start({ mode, env: { LIMITS }, hooks });
    admin = await newOperator(app, 'admin');
  });
  beforeEach(async () => {
    user = await registerWithPassword(app);
    id = userIdOf(user.token);
  });
  afterAll(() => app.close());

  const order = (mobile: string, by: { token: string } = admin, whom = id) =>
    app.put(`/admin/users/${whom}/mobile`, { mobile, reason: 'lost the phone' }, by);
  const me = async ({ token }: { token: string }) => (await app.get('/users/me', { token })).body;

  it('rule 19: moves when its holder proves it, and not before; the one before is kept', async () => {
    const mobile = randomMobile();

    const { status, body } = await order(mobile);

    expect([status, body.state]).toEqual([202, 'ordered']);
    expect(await me(user)).toMatchObject({
      mobile: user.mobile,
      security_notices: expect.arrayContaining([
        expect.objectContaining({ kind: 'mobile_change_requested' }),
      ]),
    });
    expect(await probe(app, user)).toEqual(LIVE);
    const login = await proveNumber(app, mobile);
    expect(login.status).toBe(201);
    expect(login.body.is_new_user).toBe(false);
    expect(asked).toContain(id);
    expect(await me(login.body)).toMatchObject({ id, mobile });
    expect(await probe(app, user)).toEqual(ENDED);
    expect((await proveNumber(app, user.mobile)).body.errorCode).toBe('NUMBER_MOVED');
    const told = (await auditOf(app, id)).filter(({ action }) => /mobile/.test(action));
    expect(told.map((row) => [row.action, row.actorKind, row.reason])).toEqual([
      ['mobile_change.requested', 'operator', 'lost the phone'],
      ['user.mobile_changed', 'user', null],
    ]);
  });

  it('of many logins at the same time each gets this user, or none', async () => {
    const mobile = randomMobile();
    await order(mobile);
    const request = await app.requestCode(mobile);

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => app.post('/auth/tokens', request)),
    );

    const opened = answers.filter(({ status }) => status === 201);
    expect(opened.map(({ body }) => userIdOf(body.token))).toEqual([id]);
  });

  it('is free again when nobody proves it for a week, or the user says no', async () => {
    for (const end of [
      (change: string) => letLapse(app, change),
      (change: string) => app.delete(`/users/me/mobile-changes/${change}`, user),
    ]) {
      const mobile = randomMobile();
      const { body } = await order(mobile);
      await end(body.id);
      expect((await proveNumber(app, mobile)).body.is_new_user).toBe(true);
    }
    expect(await me(user)).toMatchObject({ mobile: user.mobile });
  });

  it('takes the place of any change that is under way, also of one that was contested', async () => {
    const { mobile } = await changeNumber(app, user);
    const claim = async (number: string) => ({
      ticket: (await proveNumber(app, number)).body.ticket,
    });
    await app.post('/auth/mobile-changes/undo', await claim(user.mobile));
    await app.post('/auth/mobile-changes/undo', await claim(mobile));

    expect((await order(mobile)).body.state).toBe('ordered');

    expectRefusal(await proveNumber(app, mobile), 'USER_DISABLED');
    await app.post(`/admin/users/${id}/enable`, { reason: 'showed a passport' }, admin);
    expect(userIdOf((await proveNumber(app, mobile)).body.token)).toBe(id);
  });

  it('is for admins, of users with roles, too; and no number of somebody else', async () => {
    const support = await newOperator(app, 'support');
    const { mobile } = await app.logIn();

    expectRefusal(await order(randomMobile(), support), 'FORBIDDEN');
    expectRefusal(await order(mobile), 'MOBILE_TAKEN');
    expectRefusal(await order(user.mobile), 'VALIDATION_FAILED');
    expectRefusal(await order(randomMobile(), admin, '1'), 'NOT_FOUND');
    await giveRoles(app, id, 'viewer');
    expect((await order(randomMobile())).status).toBe(202);
  });

  it('of a user with a role is not undone by the number before, nor by a password of before', async () => {
    await giveRoles(app, id, 'viewer');
    const mobile = randomMobile();
    await order(mobile);
    const login = await proveNumber(app, mobile);
    const { ticket } = (await proveNumber(app, user.mobile)).body;
    const undo = (proof: object) => app.post('/auth/mobile-changes/undo', proof);

    expectRefusal(await undo({ ticket }), 'NUMBER_CLAIM_REFUSED');
    const { password } = user.credentials;
    expectRefusal(await undo({ mobile: user.mobile, password }), 'NUMBER_CLAIM_REFUSED');

    expect(await me(login.body)).toMatchObject({ id, mobile });
    expect(await probe(app, login.body)).toEqual(LIVE);
  });

  it('gives no admin a number by themselves, and the last one none at all', async () => {
    const orders = app.nest.get(OrderedChangesService);

    expectRefusal(await order(randomMobile(), admin, admin.id), 'FORBIDDEN');
    await expect(orders.order(admin.id, randomMobile() as E164, CLI)).rejects.toMatchObject({
      errorCode: 'LAST_ADMIN',
    });
    await newOperator(app, 'admin');
    expect(await orders.order(admin.id, randomMobile() as E164, CLI)).toMatchObject({
      state: 'ordered',
    });
  });
});
