import { DeletionService } from '../../src/auth/deletion/deletion.service';
import { BY_SYSTEM } from '../../src/audit/change';
import { UserDevice } from '../../src/sessions/device.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { randomCredentials, registerWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { auditOf } from '../support/told';

const DAY_MS = 86_400_000;
const FROM_PHONE = { headers: { 'user-agent': 'Mozilla/5.0 (Android 14; Mobile) Firefox/140.0' } };

describe.each(MODES)('what users are told for their safety (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { LIMITS: 'code-cooldown=99/1h' } });
  });
  afterAll(() => app.close());

  const noticesOf = async ({ token }: { token: string }) =>
    (await app.get('/users/me', { token })).body.security_notices as Record<string, string>[];
  const kindsOf = async (session: { token: string }) =>
    (await noticesOf(session)).map(({ kind }) => kind);
  const setPassword = ({ token }: LoggedIn) =>
    app.put('/users/me/password', randomCredentials(), { token });
  const acknowledge = ({ token }: { token: string }, id: string) =>
    app.delete(`/users/me/security-notices/${id}`, { token });

  it('is a first password, another one, and that there is none any more', async () => {
    const user = await app.logIn();
    expect(await noticesOf(user)).toEqual([]);

    await setPassword(user);
    expect(await noticesOf(user)).toEqual([
      {
        id: expect.stringMatching(/^\d{15,19}$/),
        kind: 'password_set',
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        session_id: sessionIdOf(user.token),
        device: 'node',
        network: '127.0.0.0/24',
      },
    ]);
    await setPassword(user);
    await app.delete('/users/me/password', user);

    expect(await kindsOf(user)).toEqual(['password_removed', 'password_changed', 'password_set']);
  });

  it('is nothing of a change that did not happen', async () => {
    const { credentials } = await registerWithPassword(app);
    const user = await app.logIn();

    expect((await app.put('/users/me/password', credentials, user)).status).toBe(409);

    expect(await noticesOf(user)).toEqual([]);
  });

  it('is a login on a device that is new, when there are others that live', async () => {
    const user = await app.logIn();
    await app.logIn(user.mobile, { device_token: user.device_token });
    expect(await noticesOf(user)).toEqual([]);

    const request = await app.requestCode(user.mobile);
    const { body: other } = await app.post('/auth/tokens', request, FROM_PHONE);

    expect(await noticesOf(user)).toMatchObject([
      { kind: 'device_added', session_id: sessionIdOf(other.token), device: 'Firefox on Android' },
    ]);
  });

  it('is no login on the only device that lives', async () => {
    const user = await app.logIn();
    const lastUsedAt = new Date(Date.now() - 91 * DAY_MS);
    await app.sql
      .getRepository(UserDevice)
      .update({ userId: userIdOf(user.token) }, { lastUsedAt });

    expect(await noticesOf(await app.logIn(user.mobile))).toEqual([]);
  });

  it('is that the account is to be deleted, and who ordered it', async () => {
    const user = await app.logIn();
    await app.delete('/users/me', user);
    const again = await app.logIn(user.mobile);
    expect(await noticesOf(again)).toMatchObject([
      { kind: 'deletion_requested', session_id: sessionIdOf(user.token) },
    ]);

    await app.delete('/users/me/deletion', again);
    await app.nest.get(DeletionService).request(userIdOf(user.token), BY_SYSTEM);

    const [newest] = await noticesOf(await app.logIn(user.mobile));
    expect(newest).toMatchObject({ kind: 'deletion_requested', session_id: null, network: null });
  });

  it('is shown until somebody in the account says that they know, which the audit keeps', async () => {
    const user = await app.logIn();
    await setPassword(user);
    await setPassword(user);
    const [newer, older] = await noticesOf(user);

    expect((await acknowledge(user, newer!.id!)).status).toBe(204);

    expect(await noticesOf(user)).toEqual([older]);
    expect((await acknowledge(user, newer!.id!)).status).toBe(404);
    const [told, ...others] = (await auditOf(app, userIdOf(user.token))).filter(
      ({ action }) => action === 'notice.acknowledged',
    );
    expect(others).toEqual([]);
    expect(told).toMatchObject({ detail: JSON.stringify({ notice_id: newer!.id }) });
  });

  it("knows no notice of somebody else's, nor what is no id", async () => {
    const user = await app.logIn();
    await setPassword(user);
    const [{ id }] = (await noticesOf(user)) as [{ id: string }];

    for (const one of [id, '1', 'x', `0${id}`]) {
      expect((await acknowledge(await app.logIn(), one)).body.errorCode).toBe('NOT_FOUND');
    }
    expect(await kindsOf(user)).toEqual(['password_set']);
  });
});
