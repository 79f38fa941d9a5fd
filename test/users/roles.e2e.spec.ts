import { SYSTEM } from '../../src/audit/change';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { JwtAuthGuard } from '../../src/auth/jwt-auth.guard';
import { Public } from '../../src/auth/public.decorator';
import { Roles } from '../../src/auth/roles.guard';
import { UserRolesService } from '../../src/auth/user-roles.service';
import { User } from '../../src/users/user.entity';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { decodeJwt, userIdOf } from '../support/jwt';
import { giveRoles, logInByCode } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { postForm, SERVICE_CLIENTS } from '../support/service-client';
import { listSessions, probe } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

@Controller('desk')
class DeskController {
  @Roles('support')
  @Get('tickets')
  tickets() {
    return 'tickets';
  }

  @Roles('driver', 'admin')
  @Get('vans')
  vans() {
    return 'vans';
  }
}

@UseGuards(JwtAuthGuard)
@Roles('admin')
@Controller('safe')
class SafeController {
  @Get()
  open() {
    return 'open';
  }

  @Public()
  @Get('forgotten')
  forgotten() {
    return 'open';
  }
}

const controllers = [DeskController, SafeController];
const TEST_MOBILE = '+8613800000001';
const ENV = {
  SERVICE_CLIENTS,
  ROLES: 'driver,cook',
  TEST_NUMBERS: `${TEST_MOBILE}:123456@2099-01-01`,
};
const claimsOf = ({ token }: { token: string }) => decodeJwt(token).claims;

describe.each(MODES)('roles (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: ENV, controllers });
  });
  afterAll(() => app.close());

  /** A user with roles, logged in by code. */
  async function userWith(...roles: string[]): Promise<UserWithPassword & { id: string }> {
    const user = await registerWithPassword(app);
    const id = userIdOf(user.token);
    await giveRoles(app, id, ...roles);
    return { ...(await logInByCode(app, user)), id };
  }

  const setRoles = (id: string, ...wanted: string[]) =>
    app.nest.get(UserRolesService).change(id, () => wanted, { actor: SYSTEM });
  const newUser = async () => userIdOf((await registerWithPassword(app)).token);

  it('rule 2: are a claim of access tokens when there are any, after every way in', async () => {
    const user = await userWith('driver', 'viewer', 'admin');
    const roles = ['admin', 'viewer', 'driver'];

    const refreshed = await app.put('/auth/tokens', undefined, { token: user.refresh_token });
    const byPassword = await app.post('/auth/login', user.credentials);

    expect(claimsOf(user).roles).toEqual(roles);
    expect(claimsOf(refreshed.body).roles).toEqual(roles);
    expect(claimsOf(byPassword.body).roles).toEqual(roles);
    expect(claimsOf({ token: user.refresh_token })).not.toHaveProperty('roles');
    expect((await app.get('/users/me', user)).body.roles).toEqual(roles);
    expect((await postForm(app, '/auth/introspect', { token: user.token })).body).toMatchObject({
      active: true,
      roles,
    });
  });

  it('rule 2: are no claim of users without any', async () => {
    const user = await app.logIn();

    const { body } = await app.put('/auth/tokens', undefined, { token: user.refresh_token });

    for (const token of [user.token, body.token]) {
      expect(claimsOf({ token })).not.toHaveProperty('roles');
    }
    expect((await app.get('/users/me', user)).body.roles).toEqual([]);
  });

  it('rule 11: a change of them ends the sessions of the user, and says so', async () => {
    const user = await registerWithPassword(app);

    await giveRoles(app, userIdOf(user.token), 'viewer');

    expect(await probe(app, user)).toEqual([401, 403]);
    const next = await logInByCode(app, user);
    const [ended] = await listSessions(app, next, '?ended=true');
    expect(ended!.end_reason).toBe('roles_changed');
  });

  it('no change of them ends nothing', async () => {
    const user = await userWith('viewer', 'cook');

    await giveRoles(app, user.id, 'cook', 'viewer');

    expect(await probe(app, user)).toEqual([200, 201]);
  });

  it('open the routes that name them, and those that name less', async () => {
    const [nobody, viewer, support, admin, driver] = [
      await app.logIn(),
      await userWith('viewer'),
      await userWith('support'),
      await userWith('admin'),
      await userWith('driver'),
    ];
    const statuses = (path: string) =>
      Promise.all(
        [nobody, viewer, support, admin, driver].map(
          async (user) => (await app.get(path, user)).status,
        ),
      );

    expect(await statuses('/desk/tickets')).toEqual([403, 403, 200, 200, 403]);
    expect(await statuses('/desk/vans')).toEqual([403, 403, 403, 200, 200]);
    expect(await statuses('/safe')).toEqual([403, 403, 403, 200, 403]);
    expect(await statuses('/safe/forgotten')).toEqual([401, 401, 401, 401, 401]);
    expectRefusal(await app.get('/desk/tickets', nobody), 'FORBIDDEN');
    expectRefusal(await app.get('/desk/tickets'), 'UNAUTHORIZED');
    expectRefusal(
      await app.get('/desk/tickets', { token: admin.refresh_token }),
      'REFRESH_TOKEN_NOT_ALLOWED',
    );
  });

  it('of nobody knows are refused, and so is a user of a test number', async () => {
    const { token } = await app.logIn();
    await app.post('/auth/codes', { mobile: TEST_MOBILE });
    const answer = await app.post('/auth/tokens', { mobile: TEST_MOBILE, code: '123456' });

    await expect(giveRoles(app, userIdOf(token), 'root')).rejects.toThrow();
    await expect(giveRoles(app, userIdOf(answer.body.token), 'viewer')).rejects.toThrow();
    await expect(giveRoles(app, '1', 'viewer')).rejects.toThrow('Not found.');
  });

  it('of operators are for users with a password: whoever gets a number sets the first', async () => {
    const id = userIdOf((await app.logIn()).token);

    expect(await outcomesOf([giveRoles(app, id, 'viewer')])).toEqual(['VALIDATION_FAILED']);
    expect(await outcomesOf([giveRoles(app, id, 'driver')])).toEqual(['done']);
  });

  it('need the password until now for a new one', async () => {
    const user = await userWith('viewer');
    const password = 'another long password';
    const change = (current_password?: string) =>
      app.put('/users/me/password', { ...user.credentials, password, current_password }, user);

    expectRefusal(await change(), 'VALIDATION_FAILED');
    expectRefusal(await change('wrong password'), 'INVALID_CREDENTIALS');
    expect((await change(user.credentials.password)).status).toBe(204);
    expect((await app.post('/auth/login', { ...user.credentials, password })).status).toBe(201);
  });

  describe('of admins', () => {
    beforeEach(async () => {
      const admins = await app.sql.getRepository(User).find();
      for (const { id } of admins) await app.sql.getRepository(User).update({ id }, { roles: [] });
    });

    it('the last stays one, and stays active', async () => {
      const [id, disabled] = [await newUser(), await newUser()];
      await setRoles(id, 'admin');
      await setRoles(disabled, 'admin');
      await app.nest.get(UserOperationsService).disable(disabled);

      expect(await outcomesOf([setRoles(id, 'support')])).toEqual(['LAST_ADMIN']);
      expect(await outcomesOf([app.nest.get(UserOperationsService).disable(id)])).toEqual([
        'LAST_ADMIN',
      ]);
      expect(await outcomesOf([setRoles(disabled)])).toEqual(['done']);
      expect(await outcomesOf([setRoles(id, 'admin', 'driver')])).toEqual(['done']);
    });

    it('one is left of those who all go at the same time', async () => {
      for (let round = 0; round < 5; round++) {
        const ids = await Promise.all(Array.from({ length: 4 }, newUser));
        for (const id of ids) await setRoles(id, 'admin');
        const [first, ...others] = ids;

        const outcomes = await outcomesOf([
          app.nest.get(UserOperationsService).disable(first!),
          ...others.map((id) => setRoles(id)),
        ]);

        expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(3);
        expect(outcomes).toContain('LAST_ADMIN');
        for (const id of ids) await app.sql.getRepository(User).update({ id }, { roles: [] });
      }
    });
  });

  it('rotate with the refresh token', async () => {
    const rotating = await app.restart({ env: { REFRESH_ROTATION: 'on' }, controllers });
    app = rotating;
    const user = await userWith('support');
    const refresh = async (token: string) =>
      (await app.put('/auth/tokens', undefined, { token })).body;

    const first = await refresh(user.refresh_token);
    const again = await refresh(user.refresh_token);
    const second = await refresh(first.refresh_token);

    expect(again.refresh_token).toBe(first.refresh_token);
    for (const pair of [first, again, second]) expect(claimsOf(pair).roles).toEqual(['support']);
    const third = await refresh(second.refresh_token);
    expect(await refresh(user.refresh_token)).toMatchObject({ errorCode: 'WRONG_REFRESH_TOKEN' });
    expect(await refresh(third.refresh_token)).toMatchObject({ errorCode: 'WRONG_REFRESH_TOKEN' });
  });
});

async function outcomesOf(works: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(works);
  return settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.errorCode));
}
