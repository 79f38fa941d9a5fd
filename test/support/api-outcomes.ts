import { NumberQuestionsService } from '../../src/auth/recycled-numbers/number-questions.service';
import type { Challenge } from '../../src/codes/challenge.entity';
import { ADMIN_OUTCOMES } from './admin-outcomes';
import { fromNewAddress } from './address';
import { type ApiWorld, TERMS_VERSION } from './api-world';
import { PAGE } from './browser-jar';
import type { Answer } from './client';
import { otherThan } from './codes';
import { randomCredentials, registerWithPassword } from './credentials';
import { sessionIdOf, userIdOf } from './jwt';
import { numbersOfBlock, randomMobile } from './mobile';
import { aliyunReceipt, RECEIPTS_SECRET, webhookReceipt } from './receipts';
import { basic, CLERK, postForm, READER } from './service-client';
import { WEBHOOK_OUTCOMES } from './webhook-outcomes';

/** Of a country that the server has no budget for. */
const UNPAID_MOBILE = '+85251234567';
const UNSERVED_MOBILE = '+12015550123';

const RECEIPT = { id: 'msg_1', biz_id: 'msg_1', status: 'delivered', success: true };
const ALIYUN_PATH = `/sms/receipts/aliyun/${RECEIPTS_SECRET}`;

type Provoke = (world: ApiWorld) => Promise<Answer>;

const TOO_LARGE = { name: 'x'.repeat(20_000) };
const AS_TEXT = { headers: { 'content-type': 'text/plain' } };

/** How to get every documented answer of every operation, except for a bug's 500. */
export const OUTCOMES: Record<string, Record<string, Provoke>> = {
  'POST /auth/codes': {
    ...bodyErrors('POST', '/auth/codes'),
    '202': ({ server }) => server.post('/auth/codes', { mobile: randomMobile() }),
    '400 COUNTRY_NOT_SERVED': ({ server }) =>
      server.post('/auth/codes', { mobile: UNSERVED_MOBILE }),
    '400 NUMBER_UNREACHABLE': (world) =>
      world.whileUnreachable(() => world.server.post('/auth/codes', { mobile: randomMobile() })),
    '429 TOO_MANY_REQUESTS': ({ server, user }) =>
      server.post('/auth/codes', { mobile: user.mobile }),
    '428 CAPTCHA_REQUIRED': ({ server }) => {
      const block = numbersOfBlock();
      return untilRefused(() => server.post('/auth/codes', { mobile: block.next().value }), 202);
    },
    '503 SMS_BUDGET_SPENT': ({ server }) => server.post('/auth/codes', { mobile: UNPAID_MOBILE }),
    // One number in twenty gets its code all the same.
    '503 SMS_PAUSED': (world) => untilRefused(() => world.askForPaused(), 202),
    '503 UNAVAILABLE': ({ offline }) => offline.post('/auth/codes', { mobile: randomMobile() }),
  },
  'POST /auth/captcha': {
    ...bodyErrors('POST', '/auth/captcha'),
    '200': ({ server }) => server.post('/auth/captcha', { mobile: randomMobile() }),
    '400 COUNTRY_NOT_SERVED': ({ server }) =>
      server.post('/auth/captcha', { mobile: UNSERVED_MOBILE }),
    '404 NOT_FOUND': ({ offline }) => offline.post('/auth/captcha', { mobile: randomMobile() }),
    '429 TOO_MANY_REQUESTS': ({ server }) =>
      untilRefused(() => server.post('/auth/captcha', { mobile: randomMobile() }), 200),
  },
  'GET /auth/config': {
    '200': ({ server }) => server.get('/auth/config'),
    '304': async ({ server }) => {
      const { headers } = await server.get('/auth/config');
      return server.get('/auth/config', { headers: { 'if-none-match': headers.get('etag')! } });
    },
  },
  'POST /auth/tokens': {
    ...bodyErrors('POST', '/auth/tokens'),
    ...cookieErrors('POST', '/auth/tokens'),
    '201': async (world) => world.server.post('/auth/tokens', await world.requestCode()),
    '400 COUNTRY_NOT_SERVED': ({ server }) =>
      server.post('/auth/tokens', { ...wrongCode(), mobile: UNSERVED_MOBILE }),
    '400 INVALID_CODE': ({ server }) => server.post('/auth/tokens', wrongCode()),
    '403 USER_DISABLED': async (world) =>
      world.server.post('/auth/tokens', await world.requestCode(world.disabledMobile())),
    '409 NUMBER_MOVED': async (world) => {
      const { mobile } = await moved(world);
      return world.server.post('/auth/tokens', await world.requestCode(mobile, fromNewAddress()));
    },
    '409 NUMBER_PERHAPS_REASSIGNED': async (world) => askedAbout(world, await dormant(world)),
    '403 LOGIN_REFUSED': async ({ refusing }) => {
      const { mobile } = await refusing.logIn();
      return refusing.post('/auth/tokens', await refusing.requestCode(mobile));
    },
    '429 TOO_MANY_REQUESTS': ({ server }) => {
      const guess = wrongCode();
      return untilRefused(() => server.post('/auth/tokens', guess));
    },
    // From here on strangers need one for each guess.
    '428 CAPTCHA_REQUIRED': (world) => untilRefused(() => world.guessAsStray()),
    '503 UNAVAILABLE': ({ offline }) => offline.post('/auth/tokens', wrongCode()),
  },
  'POST /auth/tokens/reassigned': {
    ...bodyErrors('POST', '/auth/tokens/reassigned'),
    ...cookieErrors('POST', '/auth/tokens/reassigned'),
    '201': async (world) => answerTo(world, await dormant(world), { mine: false }),
    '400 INVALID_CODE': ({ server }) =>
      server.post('/auth/tokens/reassigned', { ticket: 'none of ours', mine: true }),
    '400 INVALID_CREDENTIALS': async (world) =>
      answerTo(world, await dormant(world), { mine: true, password: 'a wrong one' }),
    '403 USER_DISABLED': async (world) => {
      const user = await dormant(world);
      const { body } = await askedAbout(world, user);
      world.sql("UPDATE users SET status = 'disabled' WHERE id = ?", userIdOf(user.token));
      return world.server.post('/auth/tokens/reassigned', { ticket: body.ticket, mine: true });
    },
    '403 LOGIN_REFUSED': async ({ refusing }) => {
      const { mobile, token } = await refusing.logIn();
      const id = userIdOf(token);
      await refusing.sql.query('UPDATE users SET verified_at = 1 WHERE id = ?', [id]);
      const challenge = { mobile, id: 'a right code' } as Challenge;
      const questions = refusing.nest.get(NumberQuestionsService);
      const { details } = await questions.ask(id, challenge, { address: '192.0.2.1' });
      return refusing.post('/auth/tokens/reassigned', { ...details, mine: true });
    },
    '403 NUMBER_CLAIM_REFUSED': async (world) => {
      const user = await dormant(world);
      world.sql("UPDATE users SET roles = 'driver' WHERE id = ?", userIdOf(user.token));
      return answerTo(world, user, { mine: true });
    },
    '409 NUMBER_CLAIM_WAITS': async (world) =>
      answerTo(world, await dormant(world), { mine: true }),
    '409 NUMBER_MOVED': async (world) => answerTo(world, await moved(world), { mine: false }),
    '429 TOO_MANY_REQUESTS': async (world) => {
      const { ticket } = (await askedAbout(world, await dormant(world))).body;
      const answer = { ticket, mine: true };
      return untilRefused(() => world.server.post('/auth/tokens/reassigned', answer), 409);
    },
    '503 UNAVAILABLE': ({ offline }) =>
      offline.post('/auth/tokens/reassigned', { ticket: 'x', mine: true }),
  },
  'PUT /auth/tokens': {
    ...tooLarge('PUT', '/auth/tokens'),
    ...cookieErrors('PUT', '/auth/tokens'),
    '409 REQUEST_REFUSED': (world) => anotherSession(world, 'PUT'),
    '201': ({ server, user }) => server.put('/auth/tokens', undefined, refreshOf(user)),
    '400 VALIDATION_FAILED': ({ server, user }) =>
      server.put('/auth/tokens', undefined, {
        ...refreshOf(user),
        headers: { 'idempotency-key': 'short' },
      }),
    '403 WRONG_REFRESH_TOKEN': ({ server, user }) => server.put('/auth/tokens', undefined, user),
    '403 USER_DISABLED': ({ server, disabled }) =>
      server.put('/auth/tokens', undefined, refreshOf(disabled)),
    '503 UNAVAILABLE': ({ offline, user }) =>
      offline.put('/auth/tokens', undefined, refreshOf(user)),
  },
  'DELETE /auth/tokens': {
    ...tooLarge('DELETE', '/auth/tokens'),
    ...cookieErrors('DELETE', '/auth/tokens'),
    '409 REQUEST_REFUSED': (world) => anotherSession(world, 'DELETE'),
    '204': async (world) => world.server.delete('/auth/tokens', await world.logIn()),
    '401 UNAUTHORIZED': ({ server }) => server.delete('/auth/tokens'),
    '503 UNAVAILABLE': ({ offline, user }) => offline.delete('/auth/tokens', user),
  },
  'POST /auth/login': {
    ...bodyErrors('POST', '/auth/login'),
    ...cookieErrors('POST', '/auth/login'),
    '201': ({ server, user }) => server.post('/auth/login', user.credentials),
    '400 COUNTRY_NOT_SERVED': ({ server }) =>
      server.post('/auth/login', { mobile: UNSERVED_MOBILE, password: 'quiet bicycle' }),
    '400 INVALID_CREDENTIALS': ({ server }) => server.post('/auth/login', randomCredentials()),
    '403 USER_DISABLED': ({ server, disabled }) => server.post('/auth/login', disabled.credentials),
    '403 LOGIN_REFUSED': async ({ refusing }) =>
      refusing.post('/auth/login', (await registerWithPassword(refusing)).credentials),
    '429 TOO_MANY_REQUESTS': ({ server }) => {
      const guess = randomCredentials();
      return untilRefused(() => server.post('/auth/login', guess));
    },
    '503 UNAVAILABLE': ({ offline, user }) => offline.post('/auth/login', user.credentials),
  },
  'POST /auth/step-up': {
    ...guardErrors('POST', '/auth/step-up'),
    ...bodyErrors('POST', '/auth/step-up'),
    '200': ({ server, user }) =>
      server.post('/auth/step-up', { password: user.credentials.password }, user),
    '400 INVALID_CODE': ({ server, user }) =>
      server.post('/auth/step-up', { code: '000000' }, user),
    '400 INVALID_CREDENTIALS': ({ server, user }) =>
      server.post('/auth/step-up', { password: 'wrong password' }, user),
    '403 USER_DISABLED': ({ server, disabled }) =>
      server.post('/auth/step-up', { password: disabled.credentials.password }, disabled),
    '429 TOO_MANY_REQUESTS': async (world) => {
      const pair = await world.logIn();
      const guess = { password: 'wrong password' };
      return untilRefused(() => world.server.post('/auth/step-up', guess, pair));
    },
    '428 CAPTCHA_REQUIRED': async (world) => {
      const { token } = await world.logIn();
      // Of a number that waits for no second code.
      const { mobile, code } = await world.requestCode();
      world.sql('UPDATE users SET mobile = ? WHERE id = ?', mobile, userIdOf(token));
      await untilRefused(() => world.guessAsStray());
      const guess = { code: otherThan(code) };
      return world.server.post('/auth/step-up', guess, { token, ...fromNewAddress() });
    },
  },
  'GET /users/me': {
    ...guardErrors('GET', '/users/me'),
    '200': ({ server, user }) => server.get('/users/me', user),
  },
  'PATCH /users/me': {
    ...guardErrors('PATCH', '/users/me'),
    ...bodyErrors('PATCH', '/users/me'),
    '200': ({ server, user }) => server.patch('/users/me', { gender: 'male' }, user),
  },
  'DELETE /users/me': {
    ...guardErrors('DELETE', '/users/me'),
    ...tooLarge('DELETE', '/users/me'),
    '202': async (world) => world.server.delete('/users/me', await world.logIn()),
    '403 RECENT_CODE_REQUIRED': ({ server, stale }) => server.delete('/users/me', stale),
    '409 LAST_ADMIN': (world) =>
      world.asLastAdmin(() => world.server.delete('/users/me', world.admin)),
  },
  'POST /users/me/deletion': {
    ...guardErrors('POST', '/users/me/deletion'),
    ...bodyErrors('POST', '/users/me/deletion'),
    '202': async (world) => askToDelete(world, await deletable(world)),
    '400 NUMBER_UNREACHABLE': async (world) => {
      const pair = await deletable(world);
      return world.whileUnreachable(() => askToDelete(world, pair));
    },
    '428 CAPTCHA_REQUIRED': async (world) => {
      const [block, pair] = [numbersOfBlock(), await world.logIn()];
      return untilRefused(
        async () => askToDelete(world, await deletable(world, block.next().value, pair)),
        202,
      );
    },
    '429 TOO_MANY_REQUESTS': async (world) => askToDelete(world, await world.logIn()),
    '503 SMS_BUDGET_SPENT': async (world) =>
      askToDelete(world, await deletable(world, UNPAID_MOBILE)),
    '503 SMS_PAUSED': async (world) => {
      const { token } = await world.refusing.logIn();
      return untilRefused(() => world.askToDeletePaused({ token }), 202);
    },
  },
  'PUT /users/me/deletion': {
    ...guardErrors('PUT', '/users/me/deletion'),
    ...bodyErrors('PUT', '/users/me/deletion'),
    '202': async (world) => proveDeletion(world, await deletable(world)),
    '400 INVALID_CODE': async (world) => {
      const pair = await deletable(world);
      const { challenge } = (await askToDelete(world, pair)).body;
      const code = otherThan(world.codeFor(pair.mobile));
      return world.server.put('/users/me/deletion', { code, challenge }, pair);
    },
    '409 LAST_ADMIN': (world) =>
      world.asLastAdmin(async () => {
        const { admin } = world;
        const answer = await proveDeletion(world, await deletable(world, randomMobile(), admin));
        await deletable(world, admin.mobile, admin);
        return answer;
      }),
    '428 CAPTCHA_REQUIRED': async (world) => {
      const pair = await deletable(world);
      await askToDelete(world, pair);
      const code = otherThan(world.codeFor(pair.mobile));
      return untilRefused(() =>
        world.server.put('/users/me/deletion', { code }, { ...pair, ...fromNewAddress() }),
      );
    },
    '429 TOO_MANY_REQUESTS': async (world) => {
      const pair = await deletable(world);
      await askToDelete(world, pair);
      const block = { target: pair.mobile, seconds: 60, reason: 'ticket 4712' };
      await world.server.post('/admin/blocks', block, world.admin);
      return untilRefused(() => world.server.put('/users/me/deletion', { code: '012345' }, pair));
    },
  },
  'DELETE /users/me/deletion': {
    ...guardErrors('DELETE', '/users/me/deletion'),
    ...tooLarge('DELETE', '/users/me/deletion'),
    '204': async (world) => {
      const pair = await world.logIn();
      world.toBeDeleted(pair.mobile);
      return world.server.delete('/users/me/deletion', pair);
    },
    '403 RECENT_CODE_REQUIRED': ({ server, stale }) => server.delete('/users/me/deletion', stale),
    '404 NOT_FOUND': async (world) =>
      world.server.delete('/users/me/deletion', await world.logIn()),
  },
  'DELETE /users/me/security-notices/{id}': {
    ...tooLarge('DELETE', '/users/me/security-notices/1'),
    ...guardErrors('DELETE', '/users/me/security-notices/1'),
    '204': async ({ server, user }) => {
      await server.put('/users/me/password', user.credentials, user);
      const [{ id }] = (await server.get('/users/me', user)).body.security_notices;
      return server.delete(`/users/me/security-notices/${id}`, user);
    },
    '400 REQUEST_REFUSED': ({ server, user }) =>
      server.delete(`/users/me/security-notices/${'1'.repeat(101)}`, user),
    '404 NOT_FOUND': ({ server, user }) => server.delete('/users/me/security-notices/1', user),
  },
  'PUT /users/me/terms': {
    ...guardErrors('PUT', '/users/me/terms'),
    ...bodyErrors('PUT', '/users/me/terms'),
    '204': ({ server, user }) =>
      server.put('/users/me/terms', { terms_version: TERMS_VERSION }, user),
  },
  'GET /users/me/export': {
    ...guardErrors('GET', '/users/me/export'),
    '200': async (world) => world.server.get('/users/me/export', await world.logIn()),
    '403 RECENT_CODE_REQUIRED': ({ server, stale }) => server.get('/users/me/export', stale),
    '429 TOO_MANY_REQUESTS': async (world) => {
      const pair = await world.logIn();
      return untilRefused(() => world.server.get('/users/me/export', pair), 200);
    },
  },
  'GET /users/me/mobile-changes': {
    ...guardErrors('GET', '/users/me/mobile-changes'),
    '200': ({ server, user }) => server.get('/users/me/mobile-changes', user),
  },
  'POST /users/me/mobile-changes': {
    ...guardErrors('POST', '/users/me/mobile-changes'),
    ...bodyErrors('POST', '/users/me/mobile-changes'),
    '202': async (world) => askToMove(world),
    '400 COUNTRY_NOT_SERVED': async (world) => askToMove(world, UNSERVED_MOBILE),
    '400 NUMBER_UNREACHABLE': async (world) => {
      const pair = await world.logIn();
      return world.whileUnreachable(() => askToMove(world, randomMobile(), pair));
    },
    '403 RECENT_LOGIN_REQUIRED': (world) => askToMove(world, randomMobile(), world.stale),
    '403 FORBIDDEN': (world) => askToMove(world, randomMobile(), world.admin),
    '409 MOBILE_CHANGE_ACTIVE': async (world) =>
      askToMove(world, randomMobile(), await moved(world)),
    '428 CAPTCHA_REQUIRED': async (world) => {
      const [block, pair] = [numbersOfBlock(), await world.logIn()];
      return untilRefused(() => askToMove(world, block.next().value, pair), 202);
    },
    '429 TOO_MANY_REQUESTS': async (world) => {
      const pair = await world.logIn();
      return untilRefused(() => askToMove(world, randomMobile(), pair), 202);
    },
    '503 SMS_BUDGET_SPENT': (world) => askToMove(world, UNPAID_MOBILE),
    '503 SMS_PAUSED': async (world) => {
      const { token } = await world.refusing.logIn();
      return untilRefused(
        () => world.askForPaused('/users/me/mobile-changes', { token, ...fromNewAddress() }),
        202,
      );
    },
  },
  'PUT /users/me/mobile-changes/{id}': {
    ...guardErrors('PUT', '/users/me/mobile-changes/1'),
    ...bodyErrors('PUT', '/users/me/mobile-changes/1'),
    '200': async (world) => proveMove(world, await opened(world)),
    '400 INVALID_CODE': async (world) => {
      const change = await opened(world);
      return proveMove(world, { ...change, code: otherThan(change.code) });
    },
    '400 REQUEST_REFUSED': ({ server, user }) =>
      server.put(changePath('1'.repeat(101)), { code: '012345' }, user),
    '404 NOT_FOUND': ({ server, user }) => server.put(changePath('1'), { code: '012345' }, user),
    '409 MOBILE_TAKEN': async (world) =>
      proveMove(world, await opened(world, (await world.logIn()).mobile)),
    '428 CAPTCHA_REQUIRED': async (world) => {
      const { pair, id, code } = await opened(world);
      return untilRefused(() => {
        const options = { ...pair, ...fromNewAddress() };
        return world.server.put(changePath(id), { code: otherThan(code) }, options);
      });
    },
    '429 TOO_MANY_REQUESTS': async (world) => {
      const mobile = randomMobile();
      const change = await opened(world, mobile);
      const block = { target: mobile, seconds: 60, reason: 'ticket 4711' };
      await world.server.post('/admin/blocks', block, world.admin);
      return untilRefused(() => proveMove(world, { ...change, code: otherThan(change.code) }));
    },
  },
  'DELETE /users/me/mobile-changes/{id}': {
    ...tooLarge('DELETE', '/users/me/mobile-changes/1'),
    ...guardErrors('DELETE', '/users/me/mobile-changes/1'),
    '204': async (world) => {
      const { pair, id } = await opened(world);
      return world.server.delete(changePath(id), pair);
    },
    '400 REQUEST_REFUSED': ({ server, user }) => server.delete(changePath('1'.repeat(101)), user),
    '404 NOT_FOUND': ({ server, user }) => server.delete(changePath('1'), user),
  },
  'POST /users/me/mobile-changes/{id}/confirmation': {
    ...guardErrors('POST', '/users/me/mobile-changes/1/confirmation'),
    ...bodyErrors('POST', '/users/me/mobile-changes/1/confirmation'),
    '204': async (world) => {
      const pair = await moved(world);
      world.sql('UPDATE users SET password_set_at = 0 WHERE id = ?', userIdOf(pair.token));
      return confirmMove(world, pair);
    },
    '400 INVALID_CREDENTIALS': async (world) =>
      confirmMove(world, await moved(world), 'a wrong one'),
    '400 REQUEST_REFUSED': ({ server, user }) =>
      server.post(`${changePath('1'.repeat(101))}/confirmation`, {}, user),
    '403 FORBIDDEN': async (world) => confirmMove(world, await moved(world)),
    '404 NOT_FOUND': ({ server, user }) =>
      server.post(`${changePath('1')}/confirmation`, { password: user.credentials.password }, user),
    '429 TOO_MANY_REQUESTS': async (world) => {
      const pair = await moved(world);
      return untilRefused(() => confirmMove(world, pair, 'a wrong one'));
    },
  },
  'POST /auth/mobile-changes/undo': {
    ...bodyErrors('POST', '/auth/mobile-changes/undo'),
    '200': async (world) => undoMove(world, await moved(world)),
    '400 COUNTRY_NOT_SERVED': (world) =>
      undoMove(world, { ...world.user, mobile: UNSERVED_MOBILE }),
    '400 INVALID_CODE': ({ server }) =>
      server.post('/auth/mobile-changes/undo', { ticket: 'none of ours' }),
    '400 INVALID_CREDENTIALS': (world) =>
      undoMove(world, { ...world.user, mobile: randomMobile() }),
    '403 USER_DISABLED': async (world) => {
      const pair = await moved(world);
      world.sql("UPDATE users SET status = 'disabled' WHERE id = ?", userIdOf(pair.token));
      return undoMove(world, pair);
    },
    '403 NUMBER_CLAIM_REFUSED': async (world) => {
      const pair = await moved(world);
      world.sql("UPDATE users SET roles = 'viewer' WHERE id = ?", userIdOf(pair.token));
      return undoMove(world, pair);
    },
    '404 NOT_FOUND': async (world) => {
      const { device_token } = await world.register();
      return world.server.post('/auth/mobile-changes/undo', { device_token });
    },
    '429 TOO_MANY_REQUESTS': (world) => {
      const nobody = { ...world.user, mobile: randomMobile() };
      return untilRefused(() => undoMove(world, nobody));
    },
    '503 UNAVAILABLE': ({ offline }) =>
      offline.post('/auth/mobile-changes/undo', { mobile: randomMobile(), password: 'x' }),
  },
  'PUT /users/me/password': {
    ...guardErrors('PUT', '/users/me/password'),
    ...bodyErrors('PUT', '/users/me/password'),
    '204': ({ server, user }) => server.put('/users/me/password', user.credentials, user),
    '400 INVALID_CREDENTIALS': ({ server, user }) =>
      server.put(
        '/users/me/password',
        { ...user.credentials, current_password: 'wrong password' },
        user,
      ),
    '403 RECENT_LOGIN_REQUIRED': ({ server, stale }) =>
      server.put('/users/me/password', stale.credentials, stale),
    '409 USERNAME_TAKEN': ({ server, user, stale }) =>
      server.put('/users/me/password', stale.credentials, user),
    '429 TOO_MANY_REQUESTS': ({ server, user, stale }) =>
      untilRefused(() => server.put('/users/me/password', stale.credentials, user), 409),
  },
  'DELETE /users/me/password': {
    ...tooLarge('DELETE', '/users/me/password'),
    ...guardErrors('DELETE', '/users/me/password'),
    '204': async (world) => world.server.delete('/users/me/password', await world.logIn()),
    '400 VALIDATION_FAILED': async (world) => {
      const pair = await world.logIn();
      world.sql('UPDATE users SET roles = ? WHERE id = ?', 'viewer', userIdOf(pair.token));
      return world.server.delete('/users/me/password', pair);
    },
    '403 RECENT_LOGIN_REQUIRED': ({ server, stale }) => server.delete('/users/me/password', stale),
  },
  'GET /auth/sessions': {
    ...guardErrors('GET', '/auth/sessions'),
    '200': ({ server, user }) => server.get('/auth/sessions', user),
    '400 VALIDATION_FAILED': ({ server, user }) => server.get('/auth/sessions?ended=maybe', user),
  },
  'DELETE /auth/sessions': {
    ...tooLarge('DELETE', '/auth/sessions'),
    ...guardErrors('DELETE', '/auth/sessions'),
    '204': ({ server, user }) => server.delete('/auth/sessions', user),
  },
  'DELETE /auth/sessions/{id}': {
    ...tooLarge('DELETE', '/auth/sessions/1'),
    ...guardErrors('DELETE', '/auth/sessions/1'),
    '204': async (world) => {
      const pair = await world.logIn();
      return world.server.delete(`/auth/sessions/${sessionIdOf(pair.token)}`, pair);
    },
    '400 REQUEST_REFUSED': ({ server, user }) =>
      server.delete(`/auth/sessions/${'1'.repeat(101)}`, user),
    '404 NOT_FOUND': ({ server, user }) => server.delete('/auth/sessions/1', user),
  },
  'GET /auth/devices': {
    ...guardErrors('GET', '/auth/devices'),
    '200': ({ server, user }) => server.get('/auth/devices', user),
  },
  'DELETE /auth/devices/{id}': {
    ...tooLarge('DELETE', '/auth/devices/1'),
    ...guardErrors('DELETE', '/auth/devices/1'),
    '204': async (world) => {
      const pair = await world.logIn();
      const [{ id }] = (await world.server.get('/auth/devices', pair)).body;
      return world.server.delete(`/auth/devices/${id}`, pair);
    },
    '400 REQUEST_REFUSED': ({ server, user }) =>
      server.delete(`/auth/devices/${'1'.repeat(101)}`, user),
    '403 RECENT_LOGIN_REQUIRED': ({ server, stale }) => server.delete('/auth/devices/1', stale),
    '404 NOT_FOUND': ({ server, user }) => server.delete('/auth/devices/1', user),
  },
  'POST /sms/receipts/{provider}': {
    ...tooManyBytes('/sms/receipts/webhook'),
    '204': ({ server }) => webhookReceipt(server, RECEIPT),
    '400 REQUEST_REFUSED': ({ server }) => server.post(`/sms/receipts/${'x'.repeat(101)}`),
    '400 VALIDATION_FAILED': ({ server }) => webhookReceipt(server, 'no JSON'),
    '404 NOT_FOUND': ({ server }) => webhookReceipt(server, RECEIPT, { secret: 'another one' }),
    '503 UNAVAILABLE': ({ offline }) => webhookReceipt(offline, RECEIPT),
  },
  'POST /sms/receipts/{provider}/{secret}': {
    ...tooManyBytes('/sms/receipts/aliyun/secret'),
    '200': ({ server }) => aliyunReceipt(server, RECEIPT),
    '400 REQUEST_REFUSED': ({ server }) => aliyunReceipt(server, RECEIPT, 'x'.repeat(101)),
    '400 VALIDATION_FAILED': ({ server }) => server.post(ALIYUN_PATH, 'no JSON'),
    '404 NOT_FOUND': ({ server }) => aliyunReceipt(server, RECEIPT, 'wrong'),
    '503 UNAVAILABLE': ({ offline }) => aliyunReceipt(offline, RECEIPT),
  },
  'POST /auth/introspect': {
    ...serviceErrors('/auth/introspect'),
    '200': ({ server, user }) => postForm(server, '/auth/introspect', { token: user.token }),
  },
  'POST /auth/revoke': {
    ...serviceErrors('/auth/revoke'),
    '200': ({ server }) => postForm(server, '/auth/revoke', { token: 'none of ours' }),
  },
  'GET /auth/revocations': {
    '200': ({ server }) => server.get('/auth/revocations', { headers: basic() }),
    '304': async ({ server }) => {
      const { headers } = await server.get('/auth/revocations', { headers: basic() });
      const known = { 'if-none-match': headers.get('etag')! };
      return server.get('/auth/revocations', { headers: { ...basic(), ...known } });
    },
    '400 VALIDATION_FAILED': ({ server }) =>
      server.get('/auth/revocations?after=then', { headers: basic() }),
    '401 INVALID_CLIENT': ({ server }) => server.get('/auth/revocations'),
    '403 FORBIDDEN': ({ server }) => server.get('/auth/revocations', { headers: basic(READER) }),
    '503 UNAVAILABLE': ({ offline }) => offline.get('/auth/revocations', { headers: basic() }),
  },
  'GET /auth/users/{id}': {
    '200': ({ server, user }) =>
      server.get(`/auth/users/${userIdOf(user.token)}`, { headers: basic() }),
    '400 REQUEST_REFUSED': ({ server }) =>
      server.get(`/auth/users/${'1'.repeat(101)}`, { headers: basic() }),
    '401 INVALID_CLIENT': ({ server }) => server.get('/auth/users/1'),
    '403 FORBIDDEN': ({ server }) => server.get('/auth/users/1', { headers: basic(READER) }),
    '404 NOT_FOUND': ({ server }) => server.get('/auth/users/2', { headers: basic() }),
    '503 UNAVAILABLE': ({ offline }) => offline.get('/auth/users/1', { headers: basic() }),
  },
  'GET /events': {
    '200': ({ server }) => server.get('/events', { headers: basic() }),
    '400 VALIDATION_FAILED': ({ server }) => server.get('/events?after=then', { headers: basic() }),
    '401 INVALID_CLIENT': ({ server }) => server.get('/events'),
    '403 FORBIDDEN': ({ server }) => server.get('/events', { headers: basic(CLERK) }),
    '503 UNAVAILABLE': ({ offline }) => offline.get('/events', { headers: basic() }),
  },
  ...ADMIN_OUTCOMES,
  ...WEBHOOK_OUTCOMES,
  'GET /.well-known/jwks.json': { '200': ({ server }) => server.get('/.well-known/jwks.json') },
  'GET /health/live': { '200': ({ server }) => server.get('/health/live') },
  'GET /health/ready': {
    '200': ({ server }) => server.get('/health/ready'),
    '503 UNAVAILABLE': ({ offline }) => offline.get('/health/ready'),
  },
  'GET /metrics': {
    '200': ({ server }) => server.get('/metrics'),
    '401 UNAUTHORIZED': ({ offline }) => offline.get('/metrics'),
  },
};

const changePath = (id: string) => `/users/me/mobile-changes/${id}`;

/** From a new address, since the last code to a number may be one of this minute. */
async function askToMove(
  world: ApiWorld,
  mobile = randomMobile(),
  pair?: { token: string },
): Promise<Answer> {
  const { token } = pair ?? (await world.logIn());
  const options = { token, ...fromNewAddress() };
  return world.server.post('/users/me/mobile-changes', { mobile }, options);
}

/** Somebody who is about to take a number. */
async function opened(world: ApiWorld, mobile = randomMobile()) {
  const pair = await world.register();
  const { body } = await askToMove(world, mobile, pair);
  const { id, challenge } = body as { id: string; challenge: string };
  return { pair, id, challenge, code: world.codeFor(mobile) };
}

type Opened = Awaited<ReturnType<typeof opened>>;

const proveMove = ({ server }: ApiWorld, { pair, id, code, challenge }: Opened) =>
  server.put(changePath(id), { code, challenge }, pair);

/** Somebody who has taken one. */
async function moved(world: ApiWorld) {
  const change = await opened(world);
  await proveMove(world, change);
  return { ...change.pair, id: change.id };
}

/** Somebody with a password, whose number no code has proved for long. */
async function dormant(world: ApiWorld) {
  const user = await world.register();
  world.sql('UPDATE users SET verified_at = 1 WHERE id = ?', userIdOf(user.token));
  return user;
}

/** A right code from another device. */
const askedAbout = async (world: ApiWorld, { mobile }: { mobile: string }) =>
  world.server.post('/auth/tokens', await world.requestCode(mobile, fromNewAddress()));

async function answerTo(world: ApiWorld, user: { mobile: string }, answer: object) {
  const { ticket } = (await askedAbout(world, user)).body;
  return world.server.post('/auth/tokens/reassigned', { ticket, ...answer });
}

type Moved = Awaited<ReturnType<typeof moved>>;

const confirmMove = ({ server }: ApiWorld, pair: Moved, password = pair.credentials.password) =>
  server.post(`${changePath(pair.id)}/confirmation`, { password }, pair);

/** A user whose number nobody has asked a code for. */
async function deletable(world: ApiWorld, mobile = randomMobile(), user?: { token: string }) {
  const { token } = user ?? (await world.logIn());
  world.sql(
    'UPDATE users SET mobile = ?, verified_at = NULL WHERE id = ?',
    mobile,
    userIdOf(token),
  );
  return { token, mobile };
}

type Deletable = Awaited<ReturnType<typeof deletable>>;

const askToDelete = ({ server }: ApiWorld, { token }: { token: string }) =>
  server.post('/users/me/deletion', {}, { token });

async function proveDeletion(world: ApiWorld, { token, mobile }: Deletable) {
  await askToDelete(world, { token });
  return world.server.put('/users/me/deletion', { code: world.codeFor(mobile) }, { token });
}

const undoMove = ({ server }: ApiWorld, { mobile, credentials }: Omit<ApiWorld['user'], 'id'>) =>
  server.post('/auth/mobile-changes/undo', { mobile, password: credentials.password });

function bodyErrors(method: string, path: string): Record<string, Provoke> {
  return {
    '400 VALIDATION_FAILED': ({ server, user }) => server.send(method, path, { unknown: 1 }, user),
    ...tooLarge(method, path),
    '415 UNSUPPORTED_MEDIA_TYPE': ({ server, user }) =>
      server.send(method, path, 'name=Li', { token: user.token, ...AS_TEXT }),
  };
}

/** Of routes that take no body, but for what somebody sends all the same. */
function tooLarge(method: string, path: string): Record<string, Provoke> {
  return {
    '413 PAYLOAD_TOO_LARGE': ({ server, user }) => server.send(method, path, TOO_LARGE, user),
  };
}

/** Of routes that set or use the refresh cookie. */
function cookieErrors(method: string, path: string): Record<string, Provoke> {
  const body = method === 'POST' ? { session: 'cookie' } : undefined;
  const own = { origin: PAGE, 'tandem-session': 'cookie' };
  return {
    '400 REQUEST_REFUSED': ({ server }) =>
      server.send(method, path, body, { headers: { ...own, cookie: `${COOKIE}; ${COOKIE}` } }),
    '403 REQUEST_REFUSED': ({ server }) =>
      server.send(method, path, body, { headers: { cookie: COOKIE } }),
  };
}

function anotherSession({ server }: ApiWorld, method: string): Promise<Answer> {
  const headers = { origin: PAGE, cookie: COOKIE, 'tandem-session': '2' };
  return server.send(method, '/auth/tokens', undefined, { headers });
}

/** Of session 1. */
const COOKIE = `__Host-tandem-a=h.${Buffer.from('{"sid":"1"}').toString('base64url')}.s.k`;

/** Of routes that read lists. */
function tooManyBytes(path: string): Record<string, Provoke> {
  return { '413 PAYLOAD_TOO_LARGE': ({ server }) => server.post(path, 'x'.repeat(70_000)) };
}

function guardErrors(method: string, path: string): Record<string, Provoke> {
  return {
    '401 UNAUTHORIZED': ({ server }) => server.send(method, path),
    '403 REFRESH_TOKEN_NOT_ALLOWED': ({ server, user }) =>
      server.send(method, path, undefined, refreshOf(user)),
    '503 UNAVAILABLE': ({ offline, user }) => offline.send(method, path, undefined, user),
  };
}

function serviceErrors(path: string): Record<string, Provoke> {
  const as = { 'content-type': 'text/plain' };
  return {
    '400 VALIDATION_FAILED': ({ server }) => postForm(server, path, { tokens: 'misspelt' }),
    '401 INVALID_CLIENT': ({ server }) => postForm(server, path, { token: 'x' }, {}),
    '403 FORBIDDEN': ({ server }) => postForm(server, path, { token: 'x' }, basic(READER)),
    '413 PAYLOAD_TOO_LARGE': ({ server }) => postForm(server, path, { token: 'x'.repeat(20_000) }),
    '415 UNSUPPORTED_MEDIA_TYPE': ({ server }) =>
      server.post(path, 'token=x', { headers: { ...basic(), ...as } }),
    '503 UNAVAILABLE': ({ offline, user }) => postForm(offline, path, { token: user.token }),
  };
}

const refreshOf = ({ refresh_token }: { refresh_token: string }) => ({ token: refresh_token });
const wrongCode = () => ({ mobile: randomMobile(), code: '000000' });

/** Goes on while the answer is that of one try too few. */
async function untilRefused(attempt: () => Promise<Answer>, before = 400): Promise<Answer> {
  for (;;) {
    const answer = await attempt();
    if (answer.status !== before) return answer;
  }
}
