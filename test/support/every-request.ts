import { EventStreamsService } from '../../src/admin/event-streams.service';
import { BY_SYSTEM } from '../../src/audit/change';
import { DeletionService } from '../../src/auth/deletion/deletion.service';
import { formerDeviceToken } from './device-tokens';
import { randomCredentials, registerWithPassword } from './credentials';
import { OpenStream } from './event-stream';
import { randomMobile } from './mobile';
import { askForChange, changeNumber, letLapse } from './number-changes';
import { answerTo, letLieDormant, ticketFor } from './dormant-numbers';
import { newOperator } from './operators';
import { sessionIdOf, userIdOf } from './jwt';
import { aliyunReceipt, insertDelivery, webhookReceipt } from './receipts';
import { basic, postForm } from './service-client';
import type { LoggedIn, TestApp } from './test-app';
import { PRIVATE_ENDPOINT } from './webhook-outcomes';

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
  await app.post('/auth/captcha', { mobile: UNPAID_MOBILE });
  for (const path of ['/auth/config', '/.well-known/jwks.json', '/health/live', '/health/ready'])
    await app.get(path);
  await receipts(app);
  await app.get('/metrics');
  await operators(app, await app.logIn());
  await webhooks(app);
  await numberChange(app, await app.logIn());
  await reassigned(app);
  await deletion(app, await app.logIn());
}

/** At once, undone by a code, contested by the other; and one that waits, and is cancelled. */
async function numberChange(app: TestApp, user: LoggedIn): Promise<void> {
  const { mobile } = await changeNumber(app, user);
  await app.get('/users/me/mobile-changes', user);
  const claim = async (number: string) => ({
    ticket: (await app.post('/auth/tokens', await app.requestCode(number))).body.ticket,
  });
  await app.post('/auth/mobile-changes/undo', { mobile: user.mobile, password: 'a wrong one' });
  await app.post('/auth/mobile-changes/undo', await claim(user.mobile));
  await app.post('/auth/mobile-changes/undo', await claim(mobile));
  const other = await registerWithPassword(app);
  const { id } = await changeNumber(app, other);
  const proof = { password: other.credentials.password };
  await app.post(`/users/me/mobile-changes/${id}/confirmation`, proof, other);
  await letLapse(app, id);
  const { id: open } = await askForChange(app, other);
  await app.delete(`/users/me/mobile-changes/${open}`, other);
}

/** Left and taken anew, taken with what is in it, waited for; and given up by a list. */
async function reassigned(app: TestApp): Promise<void> {
  const users = [await app.logIn(), await registerWithPassword(app), await app.logIn()] as const;
  for (const user of users) await letLieDormant(app, user);
  const [left, kept, taken] = users;
  const answer = async ({ mobile }: LoggedIn, mine: boolean, proof?: string) =>
    answerTo(app, { ticket: await ticketFor(app, mobile), mine, password: proof });
  await answer(left, false);
  await answer(kept, true);
  await answer(kept, true, kept.credentials.password);
  await answer(taken, true);
}

async function deletion(app: TestApp, { token, mobile }: LoggedIn): Promise<void> {
  await app.get('/users/me/export', { token });
  await app.delete('/users/me', { token });
  const { token: again } = await app.logIn(mobile);
  await app.delete('/users/me/deletion', { token: again });
  await app.post('/users/me/deletion', {}, { token: again });
  await app.put('/users/me/deletion', { code: app.inbox.codeFor(mobile) }, { token: again });
  await app.nest.get(DeletionService).request(userIdOf(token), BY_SYSTEM, 0);
}

/** Of the newest message, from where receipts are signed and where they are not. */
async function receipts(app: TestApp): Promise<void> {
  const { id } = await insertDelivery(app, { providerMessageId: 'msg_every' });
  await webhookReceipt(app, { id: 'msg_every', status: 'failed' });
  await webhookReceipt(app, { id: 'msg_every', status: 'delivered' });
  await aliyunReceipt(app, { biz_id: id, success: true });
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

async function password(app: TestApp, { token, mobile }: LoggedIn): Promise<void> {
  const credentials = randomCredentials();
  await app.put('/users/me/password', credentials, { token });
  const { body: me } = await app.get('/users/me', { token });
  await app.delete(`/users/me/security-notices/${me.security_notices[0].id}`, { token });
  await app.put('/users/me/terms', { terms_version: '2026-01' }, { token });
  await app.post('/auth/step-up', { password: credentials.password }, { token });
  await app.post('/auth/login', { mobile, password: credentials.password });
  const { code } = await app.requestCode(mobile);
  await app.post('/auth/step-up', { code }, { token });
  await app.post('/auth/login', credentials);
  await app.post('/auth/login', { ...credentials, password: 'a password that is wrong' });
  await app.delete('/users/me/password', { token });
}

async function services(app: TestApp, { token, refresh_token }: LoggedIn): Promise<void> {
  await postForm(app, '/auth/introspect', { token });
  await postForm(app, '/auth/introspect', { token: refresh_token });
  const { body } = await app.get('/auth/revocations', { headers: basic() });
  await app.get(`/auth/revocations?after=${body.cursor}`, { headers: basic() });
  await app.get(`/auth/users/${userIdOf(token)}`, { headers: basic() });
  await app.get('/events', { headers: basic() });
  await app.get('/events?after=1', { headers: basic() });
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

/** Each route below `/admin`. */
async function operators(app: TestApp, { token, mobile }: LoggedIn): Promise<void> {
  const { token: admin } = await newOperator(app, 'admin');
  const [id, reason] = [userIdOf(token), { reason: 'ticket 4711' }];
  const as = { token: admin };
  await app.put('/users/me/password', randomCredentials(), { token });
  const { body } = await app.post('/admin/search', { query: mobile }, as);
  await app.post('/admin/search', { query: 'user', after: 'user-9' }, as);
  await app.post('/admin/search', { query: id }, as);
  await app.post('/admin/diagnosis', { user: id }, as);
  const ref = body.users[0].number_ref;
  const users = [`users/${id}`, `users/${id}/timeline`, `users/${id}/timeline?after=${id}`];
  const lastHour = `since=${new Date(Date.now() - 3_600_000).toISOString()}`;
  const audit = [
    `audit?user=${id}`,
    'audit?action=user.created',
    `audit?number_ref=${ref}`,
    `audit?${lastHour}`,
    `audit?action=user.created&${lastHour}`,
  ];
  const sms = ['sms/deliveries', 'sms/spend', 'sms/routes', 'sms/pauses'];
  const filters = [
    `number_ref=${ref}`,
    'country=CN',
    'provider=webhook',
    'outcome=failed',
    'country=CN&provider=webhook&outcome=sent&receipt=failed',
    'prefix=%2B1&receipt=none&used=false',
    lastHour,
    `outcome=sent&${lastHour}`,
  ];
  const events = ['events?wait=0', 'events?after=0&wait=0'];
  const others = [
    'audit',
    `audit?after=${id}`,
    'audit/seals',
    'blocks',
    'configuration',
    ...events,
  ];
  const sessions = ['sessions', 'sessions?network=127.0.0.0/8&live=true', 'sessions/count'];
  const overview = ['overview', 'overview?range=1h', 'overview?range=30d', 'operators'];
  const deliveries = filters.map((filter) => `sms/deliveries?${filter}`);
  for (const path of [
    ...users,
    ...audit,
    ...sms,
    ...deliveries,
    ...sessions,
    ...others,
    ...overview,
  ])
    await app.get(`/admin/${path}`, as);
  await watchEvents(app, admin);
  await app.delete('/admin/sms/pauses/1', as);
  await app.post(`/admin/users/${id}/reveal`, reason, as);
  await app.post(`/admin/users/${id}/disable`, reason, as);
  await app.post(`/admin/users/${id}/enable`, reason, as);
  const number = randomMobile();
  await app.put(`/admin/users/${id}/mobile`, { ...reason, mobile: number }, as);
  await app.logIn(number);
  await app.delete(`/admin/users/${id}/sessions/${sessionIdOf(token)}`, as);
  await app.delete(`/admin/users/${id}/sessions`, as);
  await app.send('DELETE', '/admin/sessions', { ...reason, network: '127.0.0.0/24' }, as);
  await app.delete(`/admin/limits?number_ref=${ref}`, as);
  await app.put(`/admin/users/${id}/roles`, { ...reason, roles: ['viewer'] }, as);
  await app.send('DELETE', `/admin/users/${id}`, reason, as);
  await app.delete(`/admin/users/${id}/deletion`, as);
  const block = { target: '203.0.113.0/24', seconds: 60, ...reason };
  await app.post('/admin/numbers/released', { ...reason, numbers: [mobile] }, as);
  const { body: blocked } = await app.post('/admin/blocks', block, as);
  await app.delete(`/admin/blocks/${blocked.id}`, as);
}

/** Two endpoints, of which one stays to be told of what has happened. */
async function webhooks(app: TestApp): Promise<void> {
  const as = await newOperator(app, 'admin');
  await app.post('/admin/webhooks', PRIVATE_ENDPOINT, as);
  const { body } = await app.post('/admin/webhooks', PRIVATE_ENDPOINT, as);
  const path = `/admin/webhooks/${body.id}`;
  await app.post(`${path}/replay`, { event: 'evt_2' }, as);
  await app.post(`${path}/replay`, { since: new Date(0).toISOString() }, as);
  await app.post(`${path}/test`, undefined, as);
  for (const query of ['', '?after=9']) await app.get(`${path}/attempts${query}`, as);
  await app.get('/admin/webhooks', as);
  await app.delete(path, as);
}

/** For one look. */
async function watchEvents(app: TestApp, token: string): Promise<void> {
  const stream = await OpenStream.open(app, { token });
  await app.nest.get(EventStreamsService).look();
  stream.leave();
}

/** A device that shows its token, also one that was ended, and one of release 0.1.0. */
async function devices(app: TestApp, { mobile, device_token }: LoggedIn): Promise<void> {
  const { token } = await app.logIn(mobile, { device_token });
  await app.get('/auth/devices', { token });
  await app.delete(`/auth/devices/${device_token.split('.')[0]}`, { token });
  await app.logIn(mobile, { device_token });
  await app.logIn(mobile, { device_token: formerDeviceToken(app, mobile) });
}
