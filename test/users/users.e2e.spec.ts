import type { E164 } from '../../src/common/phone-number';
import { User } from '../../src/users/user.entity';
import { registerWithPassword } from '../support/credentials';
import { lapseCooldown } from '../support/lapse';
import { expectRefusal } from '../support/refusal';
import { CONTRACTS } from '../support/contracts';
import { TestApp } from '../support/test-app';

const ISO_8601_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe.each(CONTRACTS)('users (%s)', (_name, contract) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start(contract);
  });
  afterAll(() => app.close());

  const read = async (token: string) => (await app.get('/users/me', { token })).body;
  const forgetLogin = (mobile: string) =>
    app.sql
      .getRepository(User)
      .update({ mobile: mobile as E164 }, { lastLogin: new Date('2020-01-01') });

  /** Runs a login and asserts that it is the user's last one. */
  async function expectLastLogin(logIn: () => Promise<{ token: string }>): Promise<void> {
    const from = new Date().toISOString();
    const { token } = await logIn();
    const to = new Date().toISOString();

    const { last_login } = await read(token);
    expect(last_login).toMatch(ISO_8601_UTC);
    expect(last_login >= from && last_login <= to).toBe(true);
  }

  it('last_login is the first login at first', async () => {
    await expectLastLogin(() => app.logIn());
  });

  it('last_login is true after another login by code', async () => {
    const { mobile } = await app.logIn();
    await forgetLogin(mobile);
    await lapseCooldown(app, mobile);

    await expectLastLogin(() => app.logIn(mobile));
  });

  it('last_login is true after a login by password', async () => {
    const { mobile, credentials } = await registerWithPassword(app);
    await forgetLogin(mobile);

    await expectLastLogin(async () => (await app.post('/auth/login', credentials)).body);
  });

  it('last_login does not change with a refused login or a refresh', async () => {
    const { mobile, token, refresh_token, credentials } = await registerWithPassword(app);
    await forgetLogin(mobile);

    await app.post('/auth/login', { ...credentials, password: 'not the password' });
    await app.put('/auth/tokens', undefined, { token: refresh_token });
    const { last_login } = await read(token);

    expect(last_login).toBe('2020-01-01T00:00:00.000Z');
  });

  it('keeps times to the millisecond, in UTC', async () => {
    const { mobile, token } = await app.logIn();
    const moment = new Date('2024-02-29T23:59:59.987Z');

    await app.sql
      .getRepository(User)
      .update({ mobile: mobile as E164 }, { lastLogin: moment, createdAt: moment });

    expect(await read(token)).toMatchObject({
      last_login: moment.toISOString(),
      created_at: moment.toISOString(),
    });
  });

  it('shows the username once there is one, and never the password', async () => {
    const { token, credentials } = await registerWithPassword(app);

    const me = await app.get('/users/me', { token });

    expect(me.body.username).toBe(credentials.username);
    const text = JSON.stringify(me.body);
    expect(text).not.toMatch(/argon2/);
    expect(text).not.toContain(credentials.password);
  });

  it('admits nobody without an access token', async () => {
    const { refresh_token } = await app.logIn();

    expectRefusal(await app.get('/users/me'), 'UNAUTHORIZED');
    expectRefusal(await app.patch('/users/me', { name: 'Li Wei' }), 'UNAUTHORIZED');
    expectRefusal(
      await app.patch('/users/me', { name: 'Li Wei' }, { token: refresh_token }),
      'REFRESH_TOKEN_NOT_ALLOWED',
    );
  });
});
