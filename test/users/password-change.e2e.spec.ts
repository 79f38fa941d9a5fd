import { PasswordGrantsService } from '../../src/auth/password-grants.service';
import { Session } from '../../src/sessions/session.entity';
import { randomCredentials, registerWithPassword } from '../support/credentials';
import { sessionIdOf } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { logInAgain } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const MINUTE = 60_000;

describe.each(MODES)('changing a password (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
  });
  afterAll(() => app.close());

  const setPassword = ({ token }: { token: string }, credentials: object) =>
    app.put('/users/me/password', credentials, { token });
  const logIn = (credentials: object) => app.post('/auth/login', credentials);
  const sessions = () => app.sql.getRepository(Session);

  it('a new password ends the other sessions, and the old password', async () => {
    const { credentials, ...current } = await registerWithPassword(app);
    const other = (await logIn(credentials)).body;
    const next = { ...credentials, password: 'another password' };

    expect((await setPassword(current, next)).status).toBe(204);

    expect((await app.get('/users/me', { token: other.token })).status).toBe(401);
    expect((await app.put('/auth/tokens', undefined, { token: other.refresh_token })).status).toBe(
      403,
    );
    expect((await app.get('/users/me', { token: current.token })).status).toBe(200);
    expect(await sessions().findOneBy({ id: sessionIdOf(other.token) })).toMatchObject({
      endReason: 'password_changed',
    });
    expect((await logIn(credentials)).status).toBe(400);
    expect((await logIn(next)).status).toBe(201);
  });

  it('needs a session of the last ten minutes, which a refresh does not make', async () => {
    const old = await app.logIn();
    const createdAt = new Date(Date.now() - 10 * MINUTE - 1000);
    await sessions().update({ id: sessionIdOf(old.token) }, { createdAt });
    const refreshed = await app.put('/auth/tokens', undefined, { token: old.refresh_token });

    const { status, body } = await setPassword(refreshed.body, randomCredentials());

    expect(status).toBe(403);
    expect(body).toMatchObject({
      message: 'Log in again to do this.',
      errorCode: 'RECENT_LOGIN_REQUIRED',
    });
    expect((await app.get('/users/me', { token: old.token })).body.username).toBeNull();
  });

  it('lets no login with the old password through that is under way', async () => {
    const { credentials, ...user } = await registerWithPassword(app);
    const grants = app.nest.get(PasswordGrantsService);
    const grant = grants.forUser.bind(grants);
    jest.spyOn(grants, 'forUser').mockImplementationOnce(async (...checked) => {
      await setPassword(user, { ...credentials, password: 'another password' });
      return grant(...checked);
    });

    const { status, body } = await logIn(credentials);

    expect([status, body.errorCode]).toEqual([400, 'INVALID_CREDENTIALS']);
    expect((await logIn({ ...credentials, password: 'another password' })).status).toBe(201);
  });

  it('sets none in a session that ends meanwhile, and ends none', async () => {
    const stolen = await registerWithPassword(app);
    const owner = await logInAgain(app, stolen);
    const grants = app.nest.get(PasswordGrantsService);
    const set = grants.setCredentials.bind(grants);
    jest.spyOn(grants, 'setCredentials').mockImplementationOnce(async (...hashed) => {
      await app.delete('/auth/sessions', owner);
      return set(...hashed);
    });

    const refused = await setPassword(stolen, randomCredentials());

    expectRefusal(refused, 'UNAUTHORIZED');
    expect((await app.get('/users/me', owner)).status).toBe(200);
    expect((await logIn(stolen.credentials)).status).toBe(201);
  });
});
