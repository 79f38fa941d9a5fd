import { formerDeviceToken } from './device-tokens';
import { randomCredentials } from './credentials';
import { sessionIdOf, userIdOf } from './jwt';
import { basic, postForm } from './service-client';
import type { LoggedIn, TestApp } from './test-app';

/** Of a country that the server has no budget for. */
const UNPAID_MOBILE = '+85251234567';

/** Uses every operation, by every way that asks the database something else. */
export async function everyRequest(app: TestApp): Promise<void> {
  await codesAndLogins(app);
  await refreshes(app, await app.logIn());
  await password(app, await app.logIn());
  await services(app, await app.logIn());
  await profileAndSessions(app, await app.logIn());
  await devices(app, await app.logIn());
  for (const path of ['/auth/captcha', '/.well-known/jwks.json', '/health/live', '/health/ready'])
    await app.get(path);
  await app.get('/metrics');
}

/** More logins than one user may have sessions. */
async function codesAndLogins(app: TestApp): Promise<void> {
  const { mobile } = await app.logIn();
  await app.logIn(mobile);
  await app.logIn(mobile);
  const { code } = await app.requestCode(mobile);
  await app.requestCode(mobile);
  await app.post('/auth/tokens', { mobile, code: code === '000000' ? '000001' : '000000' });
  await app.post('/auth/codes', { mobile: UNPAID_MOBILE });
}

/** A refresh, with rotation on its successors, retries, and reuse. */
async function refreshes(app: TestApp, { refresh_token: first, token }: LoggedIn): Promise<void> {
  const refresh = (one: string) => app.put('/auth/tokens', undefined, { token: one });
  const { body } = await refresh(first);
  await refresh(first);
  const { body: next } = await refresh(body.refresh_token ?? first);
  await refresh(first);
  await refresh(next.refresh_token ?? first);
  await refresh(first);
  await app.delete('/auth/tokens', { token });
  await refresh(first);
}

async function password(app: TestApp, { token }: LoggedIn): Promise<void> {
  const credentials = randomCredentials();
  await app.put('/users/me/password', credentials, { token });
  await app.post('/auth/login', credentials);
  await app.post('/auth/login', { ...credentials, password: 'a password that is wrong' });
}

async function services(app: TestApp, { token, refresh_token }: LoggedIn): Promise<void> {
  await postForm(app, '/auth/introspect', { token });
  await postForm(app, '/auth/introspect', { token: refresh_token });
  const { body } = await app.get('/auth/revocations', { headers: basic() });
  await app.get(`/auth/revocations?after=${body.cursor}`, { headers: basic() });
  await app.get(`/auth/users/${userIdOf(token)}`, { headers: basic() });
  await postForm(app, '/auth/revoke', { token: refresh_token });
}

async function profileAndSessions(app: TestApp, { token, mobile }: LoggedIn): Promise<void> {
  const [other, { token: last }] = [await app.logIn(mobile), await app.logIn(mobile)];
  await app.get('/users/me', { token: last });
  await app.patch('/users/me', { name: 'Li Wei', gender: 'male' }, { token: last });
  await app.get('/auth/sessions', { token: last });
  await app.get('/auth/sessions?ended=true', { token: last });
  await app.delete(`/auth/sessions/${sessionIdOf(other.token)}`, { token: last });
  await app.delete(`/auth/sessions/${sessionIdOf(token)}`, { token: last });
  await app.delete('/auth/sessions', { token: last });
}

/** A device that shows its token, also one that was ended, and one of release 0.1.0. */
async function devices(app: TestApp, { mobile, device_token }: LoggedIn): Promise<void> {
  const { token } = await app.logIn(mobile, { device_token });
  await app.get('/auth/devices', { token });
  await app.delete(`/auth/devices/${device_token.split('.')[0]}`, { token });
  await app.logIn(mobile, { device_token });
  await app.logIn(mobile, { device_token: formerDeviceToken(app, mobile) });
}
