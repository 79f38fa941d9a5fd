import type { E164 } from '../../src/common/phone-number';
import { Session } from '../../src/sessions/session.entity';
import { User, type UserStatus } from '../../src/users/user.entity';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { randomMobile } from '../support/mobile';
import { registerUser } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const INVALID_USER = {
  statusCode: 403,
  message: 'Invalid user.',
  error: 'Forbidden',
  errorCode: 'USER_DISABLED',
  request_id: expect.any(String),
};

describe.each(MODES)('a disabled user (%s)', (mode) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
    user = await registerWithPassword(app);
    await setStatus(user.mobile, 'disabled');
  });
  afterAll(() => app.close());

  const setStatus = (mobile: string, status: UserStatus) =>
    app.sql.getRepository(User).update({ mobile: mobile as E164 }, { status });

  it('rule 12: cannot refresh', async () => {
    const { status, body } = await app.put('/auth/tokens', undefined, {
      token: user.refresh_token,
    });

    expect([status, body]).toEqual([403, INVALID_USER]);
  });

  it('rule 12: cannot refresh a session that has ended either, and is told the same', async () => {
    await app.delete('/auth/tokens', { token: user.refresh_token });

    const { status, body } = await app.put('/auth/tokens', undefined, {
      token: user.refresh_token,
    });

    expect([status, body]).toEqual([403, INVALID_USER]);
  });

  it('rule 12: cannot log in by password', async () => {
    const { status, body } = await app.post('/auth/login', user.credentials);

    expect([status, body]).toEqual([403, INVALID_USER]);
  });

  it('rule 12: cannot log in by code', async () => {
    const mobile = randomMobile();
    const userId = await registerUser(app, mobile);
    await setStatus(mobile, 'disabled');

    const { status, body } = await app.post('/auth/tokens', await app.requestCode(mobile));

    expect([status, body]).toEqual([403, INVALID_USER]);
    expect(await app.sql.getRepository(Session).countBy({ userId })).toBe(0);
  });

  it('can log in again once enabled', async () => {
    await setStatus(user.mobile, 'active');

    expect((await app.post('/auth/login', user.credentials)).status).toBe(201);
  });
});
