import { Injectable, Module } from '@nestjs/common';
import { type TandemHooks, LoginRefusedException } from '../../src/auth/hooks';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { User } from '../../src/users/user.entity';
import { UsersService } from '../../src/users/users.service';
import { registerWithPassword } from '../support/credentials';
import { decodeJwt, userIdOf } from '../support/jwt';
import { changeNumber } from '../support/number-changes';
import { expectRefusal } from '../support/refusal';
import { countRows } from '../support/rows';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const PARALLEL = 20;
const LIMITS = 'code-cooldown=99/1h,codes-per-address=999/1h';
const REASON = 'Accept the new terms first.';

const allow = () => {};
const refuse = () => {
  throw new LoginRefusedException(REASON);
};
const fail = () => {
  throw new Error('the host has a bug');
};
const claimsOf = ({ token }: { token: string }) => decodeJwt(token).claims;
const hang = () => new Promise<never>(() => {});

describe.each(MODES)('the hooks of a host application (%s)', (mode) => {
  const hooks = {
    claims: jest.fn<ReturnType<NonNullable<TandemHooks['claims']>>, [User]>(),
    beforeRegistration: jest.fn<void | Promise<void>, unknown[]>(),
    beforeLogin: jest.fn<void | Promise<void>, unknown[]>(),
  } satisfies TandemHooks;
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, hooks, env: { LIMITS } });
  });
  afterAll(() => app.close());
  beforeEach(() => {
    hooks.claims.mockReset();
    hooks.beforeRegistration.mockReset();
    hooks.beforeLogin.mockReset();
  });

  const logIn = (request: object) => app.post('/auth/tokens', request);
  const countAccounts = async () => {
    const { users, user_profiles, sessions } = await countRows(app);
    return { users, user_profiles, sessions };
  };

  it('learn of a registration before there is a user, and of a login with its user', async () => {
    const request = await app.requestCode();
    const before = await countAccounts();
    let during: object | undefined;
    hooks.beforeRegistration.mockImplementation(async () => {
      during = await countAccounts();
    });

    const registered = await logIn(request);
    await logIn(await app.requestCode(request.mobile));

    expect(registered.status).toBe(201);
    expect(during).toEqual(before);
    const caller = expect.objectContaining({ address: '127.0.0.1' });
    expect(hooks.beforeRegistration.mock.calls).toEqual([[request.mobile, caller]]);
    const id = userIdOf(registered.body.token);
    expect(hooks.beforeLogin.mock.calls).toEqual([[expect.objectContaining({ id }), caller]]);
  });

  it('learn of no registration where a number is kept for its user', async () => {
    const user = await app.logIn();
    await changeNumber(app, user);
    hooks.beforeRegistration.mockClear();
    hooks.beforeLogin.mockClear();

    const refused = await logIn(await app.requestCode(user.mobile));

    expect(refused.body.errorCode).toBe('NUMBER_MOVED');
    expect(hooks.beforeRegistration).not.toHaveBeenCalled();
    expect(hooks.beforeLogin).not.toHaveBeenCalled();
  });

  describe.each(['beforeRegistration', 'beforeLogin'] as const)('%s', (name) => {
    /** A code of somebody about whom this hook is asked. */
    const request = async () =>
      name === 'beforeLogin' ? app.requestCode((await app.logIn()).mobile) : app.requestCode();

    it('refuses a login with its reason, and the code stays usable', async () => {
      const asked = await request();
      hooks[name].mockImplementationOnce(refuse);
      const before = await countAccounts();

      const refused = await logIn(asked);
      const after = await countAccounts();

      expectRefusal(refused, 'LOGIN_REFUSED');
      expect(refused.body.message).toBe(REASON);
      expect(after).toEqual(before);
      expect((await logIn(asked)).status).toBe(201);
    });

    it.each([
      ['throws', fail],
      ['takes more than 2 s', hang],
    ])(
      'makes a login wait for better times when it %s, and the code stays usable',
      async (_, hook) => {
        const asked = await request();
        hooks[name].mockImplementationOnce(hook);

        const failed = await logIn(asked);

        expectRefusal(failed, 'UNAVAILABLE');
        expect(failed.headers.get('retry-after')).toBe('2');
        expect((await logIn(asked)).status).toBe(201);
      },
    );

    it('rule 6: lets one of many parallel logins with one code succeed', async () => {
      const asked = await request();

      const answers = await Promise.all(Array.from({ length: PARALLEL }, () => logIn(asked)));

      const again = await logIn(asked);
      const opened = [...answers, again].filter(({ status }) => status === 201);
      expect(opened).toHaveLength(1);
    });

    it('rule 6: refuses one of two parallel logins with one code, and the other one succeeds once', async () => {
      const asked = await request();
      hooks[name].mockImplementationOnce(refuse);

      const answers = await Promise.all([logIn(asked), logIn(asked)]);

      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 403]);
      expectRefusal(await logIn(asked), 'INVALID_CODE');
    });

    it('is not asked about wrong codes', async () => {
      const { mobile, code } = await request();
      hooks[name].mockClear();

      const wrong = await logIn({ mobile, code: code === '000000' ? '000001' : '000000' });

      expectRefusal(wrong, 'INVALID_CODE');
      expect(hooks[name]).not.toHaveBeenCalled();
    });
  });

  it('do not count a right code as a wrong guess, however often they refuse it', async () => {
    const request = await app.requestCode();
    hooks.beforeRegistration.mockImplementation(refuse);
    for (let attempt = 0; attempt < PARALLEL; attempt++) {
      expectRefusal(await logIn(request), 'LOGIN_REFUSED');
    }
    hooks.beforeRegistration.mockImplementation(allow);

    expect((await logIn(request)).status).toBe(201);
  });

  it('are asked about the user of a right password, and refuse the login', async () => {
    const { credentials, token } = await registerWithPassword(app);
    const before = await countAccounts();
    hooks.beforeLogin.mockImplementation(refuse);

    const refused = await app.post('/auth/login', credentials);
    const wrong = await app.post('/auth/login', { ...credentials, password: 'a wrong password' });

    expectRefusal(refused, 'LOGIN_REFUSED');
    expectRefusal(wrong, 'INVALID_CREDENTIALS');
    const user = expect.objectContaining({ id: userIdOf(token) });
    expect(hooks.beforeLogin.mock.calls).toEqual([[user, expect.anything()]]);
    expect(await countAccounts()).toEqual(before);
  });

  it('never see the hash of a password', async () => {
    const { credentials } = await registerWithPassword(app);

    await app.post('/auth/login', credentials);

    const [[user]] = hooks.beforeLogin.mock.calls as [[User]];
    expect(user.username).toBe(credentials.username);
    expect(user.passwordHash).toBeUndefined();
  });

  it('are not asked about disabled users', async () => {
    const { token, mobile } = await app.logIn();
    await app.nest.get(UserOperationsService).disable(userIdOf(token));

    expectRefusal(await logIn(await app.requestCode(mobile)), 'USER_DISABLED');
    expect(hooks.beforeLogin).not.toHaveBeenCalled();
  });

  describe('claims', () => {
    it('are added to access tokens of each login and refresh, and not to refresh tokens', async () => {
      let visits = 0;
      hooks.claims.mockImplementation(({ id }) => ({ tenant: `of ${id}`, visits: ++visits }));

      const { refresh_token, ...first } = await app.logIn();
      const refreshed = await app.put('/auth/tokens', undefined, { token: refresh_token });
      const second = (await logIn(await app.requestCode(first.mobile))).body;

      const tenant = `of ${userIdOf(first.token)}`;
      expect(claimsOf(first)).toMatchObject({ tenant, visits: 1, refresh: false });
      expect(claimsOf(refreshed.body)).toMatchObject({ tenant, visits: 2 });
      expect(claimsOf(second)).toMatchObject({ tenant, visits: 3 });
      expect(claimsOf({ token: refresh_token })).not.toHaveProperty('tenant');
      expect((await app.get('/users/me', { token: second.token })).status).toBe(200);
    });

    it('rule 2: are those of Tandem alone when the hook has none', async () => {
      const claims = claimsOf(await app.logIn());

      expect(Object.keys(claims).toSorted()).toEqual(
        ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'refresh'].toSorted(),
      );
    });

    it.each([
      ['names of Tandem', { sub: '1' }],
      ['names that are reserved', { tenant: 'a', roles: ['admin'] }],
      ['more than fits into a token', { note: 'x'.repeat(2048) }],
    ])('are a bug of the host when they have %s', async (_, claims) => {
      const { refresh_token } = await app.logIn();
      hooks.claims.mockReturnValueOnce(claims);

      const answer = await app.put('/auth/tokens', undefined, { token: refresh_token });

      expectRefusal(answer, 'INTERNAL');
    });

    it('leave the code of a known user usable when they are not to be had', async () => {
      const request = await app.requestCode((await app.logIn()).mobile);
      hooks.claims.mockImplementationOnce(fail);

      expectRefusal(await logIn(request), 'UNAVAILABLE');
      expect((await logIn(request)).status).toBe(201);
    });

    it('never end a session when they are not to be had', async () => {
      const { refresh_token } = await app.logIn();
      hooks.claims.mockImplementationOnce(refuse);

      const refused = await app.put('/auth/tokens', undefined, { token: refresh_token });
      const retried = await app.put('/auth/tokens', undefined, { token: refresh_token });

      expectRefusal(refused, 'UNAVAILABLE');
      expect(retried.status).toBe(201);
    });
  });
});

@Injectable()
class Terms {
  readonly reason = REASON;
}

@Module({ providers: [Terms], exports: [Terms] })
class TermsModule {}

@Injectable()
class TermsHooks implements TandemHooks {
  constructor(
    private readonly terms: Terms,
    private readonly users: UsersService,
  ) {}

  async beforeLogin({ id }: User) {
    if (await this.users.findById(id)) throw new LoginRefusedException(this.terms.reason);
  }
}

describe('hooks as a class', () => {
  it('inject what Tandem exports, and the modules that it imports', async () => {
    const app = await TestApp.start({
      adapter: 'Express',
      imports: [TermsModule],
      hooks: TermsHooks,
      env: { LIMITS },
    });
    const { mobile } = await app.logIn();

    const refused = await app.post('/auth/tokens', await app.requestCode(mobile));

    expectRefusal(refused, 'LOGIN_REFUSED');
    expect(refused.body.message).toBe(REASON);
    await app.close();
  });
});
