import type { ApiWorld } from './api-world';
import type { Answer } from './client';
import { randomCredentials, registerWithPassword } from './credentials';
import { sessionIdOf, userIdOf } from './jwt';
import { numbersOfBlock, randomMobile } from './mobile';
import { basic, postForm } from './service-client';

/** Of a country that the server has no budget for. */
const UNPAID_MOBILE = '+85251234567';
const UNSERVED_MOBILE = '+12015550123';

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
    '400 NUMBER_UNREACHABLE': (world) => world.askForUnreachable(),
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
  'GET /auth/captcha': {
    '200': ({ server }) => server.get('/auth/captcha'),
    '404 NOT_FOUND': ({ offline }) => offline.get('/auth/captcha'),
  },
  'POST /auth/tokens': {
    ...bodyErrors('POST', '/auth/tokens'),
    '201': async (world) => world.server.post('/auth/tokens', await world.requestCode()),
    '400 COUNTRY_NOT_SERVED': ({ server }) =>
      server.post('/auth/tokens', { ...wrongCode(), mobile: UNSERVED_MOBILE }),
    '400 INVALID_CODE': ({ server }) => server.post('/auth/tokens', wrongCode()),
    '403 USER_DISABLED': async (world) =>
      world.server.post('/auth/tokens', await world.requestCode(world.disabledMobile())),
    '403 LOGIN_REFUSED': async ({ refusing }) => {
      const { mobile } = await refusing.logIn();
      return refusing.post('/auth/tokens', await refusing.requestCode(mobile));
    },
    '429 TOO_MANY_REQUESTS': ({ server }) => {
      const guess = wrongCode();
      return untilRefused(() => server.post('/auth/tokens', guess));
    },
    '503 UNAVAILABLE': ({ offline }) => offline.post('/auth/tokens', wrongCode()),
  },
  'PUT /auth/tokens': {
    ...tooLarge('PUT', '/auth/tokens'),
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
    '204': async (world) => world.server.delete('/auth/tokens', await world.logIn()),
    '401 UNAUTHORIZED': ({ server }) => server.delete('/auth/tokens'),
    '503 UNAVAILABLE': ({ offline, user }) => offline.delete('/auth/tokens', user),
  },
  'POST /auth/login': {
    ...bodyErrors('POST', '/auth/login'),
    '201': ({ server, user }) => server.post('/auth/login', user.credentials),
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
  'GET /users/me': {
    ...guardErrors('GET', '/users/me'),
    '200': ({ server, user }) => server.get('/users/me', user),
  },
  'PATCH /users/me': {
    ...guardErrors('PATCH', '/users/me'),
    ...bodyErrors('PATCH', '/users/me'),
    '200': ({ server, user }) => server.patch('/users/me', { gender: 'male' }, user),
  },
  'PUT /users/me/password': {
    ...guardErrors('PUT', '/users/me/password'),
    ...bodyErrors('PUT', '/users/me/password'),
    '204': ({ server, user }) => server.put('/users/me/password', user.credentials, user),
    '403 RECENT_LOGIN_REQUIRED': ({ server, stale }) =>
      server.put('/users/me/password', stale.credentials, stale),
    '409 USERNAME_TAKEN': ({ server, user, stale }) =>
      server.put('/users/me/password', stale.credentials, user),
    '429 TOO_MANY_REQUESTS': ({ server, user, stale }) =>
      untilRefused(() => server.put('/users/me/password', stale.credentials, user), 409),
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
    '503 UNAVAILABLE': ({ offline }) => offline.get('/auth/revocations', { headers: basic() }),
  },
  'GET /auth/users/{id}': {
    '200': ({ server, user }) =>
      server.get(`/auth/users/${userIdOf(user.token)}`, { headers: basic() }),
    '400 REQUEST_REFUSED': ({ server }) =>
      server.get(`/auth/users/${'1'.repeat(101)}`, { headers: basic() }),
    '401 INVALID_CLIENT': ({ server }) => server.get('/auth/users/1'),
    '404 NOT_FOUND': ({ server }) => server.get('/auth/users/2', { headers: basic() }),
    '503 UNAVAILABLE': ({ offline }) => offline.get('/auth/users/1', { headers: basic() }),
  },
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
