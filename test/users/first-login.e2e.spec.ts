import { RefusalsService } from '../../src/audit/refusals.service';
import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { CodeGrantsService } from '../../src/auth/code-grants.service';
import type { E164 } from '../../src/common/phone-number';
import { Session } from '../../src/sessions/session.entity';
import { User } from '../../src/users/user.entity';
import { UserProfile } from '../../src/users/user-profile.entity';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { countRows } from '../support/rows';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const PARALLEL = 50;

const challengeId = () => randomBytes(16).toString('hex');

describe.each(MODES)('the first login of a number (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
  });
  afterAll(() => app.close());

  const usersOf = (mobile: string) =>
    app.sql.getRepository(User).findBy({ mobile: mobile as E164 });
  const redeem = (mobile: string, challenge: string) =>
    app.nest
      .get(CodeGrantsService)
      .forMobile({ mobile: mobile as E164, challengeId: challenge }, { address: '192.0.2.1' });

  it('rule 8: a user is created when the code is verified, never when it is sent', async () => {
    const before = await countRows(app);

    const request = await app.requestCode();
    const afterSending = await countRows(app);
    await app.post('/auth/tokens', request);

    expect(afterSending).toMatchObject({
      users: before.users,
      user_profiles: before.user_profiles,
    });
    expect(await usersOf(request.mobile)).toHaveLength(1);
  });

  it('rule 8: a wrong code creates no user', async () => {
    const { mobile, code } = await app.requestCode();
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');

    const answer = await app.post('/auth/tokens', { mobile, code: wrong });

    expectRefusal(answer, 'INVALID_CODE');
    expect(await usersOf(mobile)).toEqual([]);
  });

  it('rule 8: 50 parallel first logins make one user and one profile', async () => {
    const mobile = randomMobile();
    // What was refused before is written behind its answer.
    await app.nest.get(RefusalsService).flush();
    const before = await countRows(app);

    const sessions = await Promise.all(
      Array.from({ length: PARALLEL }, () => redeem(mobile, challengeId())),
    );

    const [user, ...others] = await usersOf(mobile);
    expect(others).toEqual([]);
    expect(new Set(sessions.map(({ userId }) => userId))).toEqual(new Set([user!.id]));
    expect(await countRows(app)).toEqual({
      ...before,
      users: before.users! + 1,
      user_profiles: before.user_profiles! + 1,
      user_devices: before.user_devices! + 5,
      sessions: before.sessions! + PARALLEL,
      // Each device but the first is told of.
      security_notices: before.security_notices! + PARALLEL - 1,
      // Ten sessions and five devices are left.
      ...told(before, 1 + 2 * PARALLEL + (PARALLEL - 10), PARALLEL - 5),
    });
    expect(await app.sql.getRepository(UserProfile).existsBy({ id: user!.id })).toBe(true);
  });

  it('does not wait for those of other numbers, nor is tried again for one', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');

    await Promise.all(Array.from({ length: 30 }, () => redeem(randomMobile(), challengeId())));

    expect(warn.mock.calls.map(([, message]) => message)).toEqual([]);
    warn.mockRestore();
  });

  it('leaves nothing behind when its transaction fails', async () => {
    const spent = challengeId();
    await redeem(randomMobile(), spent);
    const before = await countRows(app);

    const login = redeem(randomMobile(), spent);

    await expect(login).rejects.toMatchObject({ errorCode: 'INVALID_CODE' });
    expect(await countRows(app)).toEqual(before);
  });

  it('is the only one that creates: later logins find the user with its profile', async () => {
    const { mobile, token } = await app.logIn();
    await app.patch('/users/me', { name: 'Li Wei', gender: 'male' }, { token });
    const before = await countRows(app);

    const { userId } = await redeem(mobile, challengeId());

    const me = await app.get('/users/me', { token });
    expect(me.body).toMatchObject({ id: userId, name: 'Li Wei', profile: { gender: 'male' } });
    expect(await countRows(app)).toEqual({
      ...before,
      sessions: before.sessions! + 1,
      user_devices: before.user_devices! + 1,
      security_notices: before.security_notices! + 1,
      ...told(before, 2),
    });
    expect(await app.sql.getRepository(Session).countBy({ userId })).toBe(2);
  });
});

/** A user is told once; a session and its device with every login, and what gives way to them: devices in the audit only. */
const told = (before: Record<string, number>, count: number, devicesEnded = 0) => ({
  audit_events: before.audit_events! + count + devicesEnded,
  outbox: before.outbox! + count,
});
