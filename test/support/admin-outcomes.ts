import type { ApiWorld } from './api-world';
import type { Answer, TokenPair } from './client';
import { OpenStream } from './event-stream';
import { randomMobile } from './mobile';
import { sessionIdOf, userIdOf } from './jwt';

export type Provoke = (world: ApiWorld) => Promise<Answer>;

const REASON = { reason: 'ticket 4711' };
export const TOO_LONG = '1'.repeat(101);
const NO_REF = 'A'.repeat(43);

/** How to get every documented answer of the operations below `/admin`. */
export const ADMIN_OUTCOMES: Record<string, Record<string, Provoke>> = {
  'GET /admin/users/{id}': {
    ...closed('GET', '/admin/users/2'),
    ...ofUser('GET', ''),
    '200': ({ server, admin, user }) => server.get(pathOf(user), admin),
    '400 REQUEST_REFUSED': ({ server, admin }) => server.get(`/admin/users/${TOO_LONG}`, admin),
  },
  'GET /admin/users/{id}/timeline': {
    ...closed('GET', '/admin/users/2/timeline'),
    ...ofUser('GET', '/timeline'),
    '200': ({ server, admin, user }) => server.get(pathOf(user, '/timeline'), admin),
    '400 REQUEST_REFUSED': ({ server, admin }) =>
      server.get(`/admin/users/${TOO_LONG}/timeline`, admin),
    '400 VALIDATION_FAILED': ({ server, admin, user }) =>
      server.get(pathOf(user, '/timeline?after=then'), admin),
  },
  'POST /admin/users/{id}/reveal': {
    ...change('POST', '/reveal', REASON),
    '200': ({ server, admin, user }) => server.post(pathOf(user, '/reveal'), REASON, admin),
    '429 TOO_MANY_REQUESTS': ({ server, admin, user }) =>
      untilRefused(() => server.post(pathOf(user, '/reveal'), REASON, admin)),
  },
  'POST /admin/users/{id}/disable': {
    ...change('POST', '/disable', REASON),
    '204': async (world) =>
      world.server.post(pathOf(await world.logIn(), '/disable'), REASON, world.admin),
    '409 LAST_ADMIN': (world) =>
      world.asLastAdmin(() =>
        world.server.post(pathOf(world.admin, '/disable'), REASON, world.admin),
      ),
  },
  'POST /admin/users/{id}/enable': {
    ...change('POST', '/enable', REASON),
    '204': async (world) =>
      world.server.post(pathOf(await world.logIn(), '/enable'), REASON, world.admin),
  },
  'DELETE /admin/users/{id}/sessions': {
    ...closed('DELETE', '/admin/users/2/sessions'),
    ...ofUser('DELETE', '/sessions'),
    ...tooLarge('DELETE', '/admin/users/2/sessions'),
    '204': async (world) =>
      world.server.delete(pathOf(await world.logIn(), '/sessions'), world.admin),
    '400 REQUEST_REFUSED': ({ server, admin }) =>
      server.delete(`/admin/users/${TOO_LONG}/sessions`, admin),
  },
  'DELETE /admin/users/{id}/sessions/{session}': {
    ...closed('DELETE', '/admin/users/2/sessions/3'),
    ...ofUser('DELETE', '/sessions/3'),
    ...tooLarge('DELETE', '/admin/users/2/sessions/3'),
    '204': async (world) => {
      const user = await world.logIn();
      const path = pathOf(user, `/sessions/${sessionIdOf(user.token)}`);
      return world.server.delete(path, world.admin);
    },
    '400 REQUEST_REFUSED': ({ server, admin }) =>
      server.delete(`/admin/users/2/sessions/${TOO_LONG}`, admin),
  },
  'GET /admin/sessions': {
    ...closed('GET', '/admin/sessions'),
    '200': ({ server, admin }) => server.get('/admin/sessions', admin),
    '400 VALIDATION_FAILED': ({ server, admin }) =>
      server.get('/admin/sessions?opened_before=then', admin),
  },
  'GET /admin/sessions/count': {
    ...closed('GET', '/admin/sessions/count'),
    '200': ({ server, admin }) => server.get('/admin/sessions/count', admin),
    '400 VALIDATION_FAILED': ({ server, admin }) =>
      server.get('/admin/sessions/count?network=office', admin),
  },
  'DELETE /admin/sessions': {
    ...closed('DELETE', '/admin/sessions'),
    ...bodyErrors('DELETE', '/admin/sessions'),
    '200': ({ server, admin }) =>
      server.send('DELETE', '/admin/sessions', { ...REASON, network: '198.51.100.0/24' }, admin),
  },
  'PUT /admin/users/{id}/mobile': {
    ...change('PUT', '/mobile', { ...REASON, mobile: randomMobile() }),
    '202': async (world) => orderNumber(world, randomMobile()),
    '400 COUNTRY_NOT_SERVED': async (world) => orderNumber(world, '+12015550123'),
    '409 MOBILE_TAKEN': async (world) => orderNumber(world, (await world.logIn()).mobile),
  },
  'PUT /admin/users/{id}/roles': {
    ...change('PUT', '/roles', { ...REASON, roles: [] }),
    '200': async (world) => {
      const roles = { ...REASON, roles: [] };
      return world.server.put(pathOf(await world.logIn(), '/roles'), roles, world.admin);
    },
    '409 LAST_ADMIN': (world) =>
      world.asLastAdmin(() =>
        world.server.put(pathOf(world.admin, '/roles'), { ...REASON, roles: [] }, world.admin),
      ),
  },
  'DELETE /admin/users/{id}': {
    ...change('DELETE', '', REASON),
    '202': async (world) =>
      world.server.send('DELETE', pathOf(await world.logIn()), REASON, world.admin),
    '409 LAST_ADMIN': (world) =>
      world.asLastAdmin(() =>
        world.server.send('DELETE', pathOf(world.admin), REASON, world.admin),
      ),
  },
  'DELETE /admin/users/{id}/deletion': {
    ...closed('DELETE', '/admin/users/2/deletion'),
    ...ofUser('DELETE', '/deletion'),
    ...tooLarge('DELETE', '/admin/users/2/deletion'),
    '204': async (world) => {
      const path = pathOf(await world.logIn());
      await world.server.send('DELETE', path, REASON, world.admin);
      return world.server.delete(`${path}/deletion`, world.admin);
    },
    '400 REQUEST_REFUSED': ({ server, admin }) =>
      server.delete(`/admin/users/${TOO_LONG}/deletion`, admin),
  },
  'DELETE /admin/limits': {
    ...closed('DELETE', '/admin/limits'),
    ...tooLarge('DELETE', '/admin/limits'),
    '200': async (world) => lift(world, await refOf(world, randomMobile())),
    '400 VALIDATION_FAILED': ({ server, admin }) => server.delete('/admin/limits', admin),
    '404 NOT_FOUND': (world) => lift(world, NO_REF),
    '429 TOO_MANY_REQUESTS': async (world) => {
      const user = (await world.logIn()) as TokenPair & { mobile: string; device_token: string };
      const ref = await refOf(world, user.mobile);
      const { mobile, device_token } = user;
      await world.server.post('/auth/codes', { mobile, device_token });
      return untilRefused(async () => {
        await world.server.post('/auth/tokens', { mobile, device_token, code: '000000' });
        return lift(world, ref);
      });
    },
  },
  'GET /admin/sms/deliveries': {
    ...closed('GET', '/admin/sms/deliveries'),
    '200': ({ server, admin }) => server.get('/admin/sms/deliveries', admin),
    '400 VALIDATION_FAILED': ({ server, admin }) =>
      server.get('/admin/sms/deliveries?after=then', admin),
    '404 NOT_FOUND': ({ server, admin }) =>
      server.get(`/admin/sms/deliveries?number_ref=${NO_REF}`, admin),
  },
  'GET /admin/events': {
    ...closed('GET', '/admin/events'),
    '200': ({ server, admin }) => server.get('/admin/events?wait=0', admin),
    '400 VALIDATION_FAILED': ({ server, admin }) => server.get('/admin/events?after=then', admin),
    '429 TOO_MANY_REQUESTS': async ({ server, admin }) => {
      const streams = await Promise.all([1, 2, 3].map(() => OpenStream.open(server, admin)));
      const answer = await server.get('/admin/events', admin);
      for (const stream of streams) stream.leave();
      return answer;
    },
  },
  'GET /admin/sms/spend': {
    ...closed('GET', '/admin/sms/spend'),
    '200': ({ server, admin }) => server.get('/admin/sms/spend', admin),
    '400 VALIDATION_FAILED': ({ server, admin }) =>
      server.get('/admin/sms/spend?from=2026-01-01&to=2026-03-01', admin),
  },
  'GET /admin/sms/routes': {
    ...closed('GET', '/admin/sms/routes'),
    '200': ({ server, admin }) => server.get('/admin/sms/routes', admin),
  },
  'GET /admin/sms/pauses': {
    ...closed('GET', '/admin/sms/pauses'),
    '200': ({ server, admin }) => server.get('/admin/sms/pauses', admin),
  },
  'DELETE /admin/sms/pauses/{scope}': {
    ...closed('DELETE', '/admin/sms/pauses/1'),
    ...tooLarge('DELETE', '/admin/sms/pauses/1'),
    '204': async (world) => {
      const scope = await world.pause();
      return world.server.delete(`/admin/sms/pauses/${scope}`, world.admin);
    },
    '400 REQUEST_REFUSED': ({ server, admin }) =>
      server.delete(`/admin/sms/pauses/${TOO_LONG}`, admin),
    '404 NOT_FOUND': ({ server, admin }) => server.delete('/admin/sms/pauses/1', admin),
  },
  'GET /admin/blocks': {
    ...closed('GET', '/admin/blocks'),
    '200': ({ server, admin }) => server.get('/admin/blocks', admin),
  },
  'POST /admin/blocks': {
    ...closed('POST', '/admin/blocks'),
    ...bodyErrors('POST', '/admin/blocks'),
    '201': (world) => block(world, '198.51.100.0/24'),
  },
  'DELETE /admin/blocks/{id}': {
    ...closed('DELETE', '/admin/blocks/1'),
    ...tooLarge('DELETE', '/admin/blocks/1'),
    '204': async (world) => {
      const { id } = (await block(world, '203.0.113.0/24')).body;
      return world.server.delete(`/admin/blocks/${id}`, world.admin);
    },
    '400 REQUEST_REFUSED': ({ server, admin }) => server.delete(`/admin/blocks/${TOO_LONG}`, admin),
    '404 NOT_FOUND': ({ server, admin }) => server.delete('/admin/blocks/1', admin),
  },
  'POST /admin/numbers/released': {
    ...closed('POST', '/admin/numbers/released'),
    ...bodyErrors('POST', '/admin/numbers/released'),
    '200': ({ server, admin }) =>
      server.post('/admin/numbers/released', { ...REASON, numbers: ['+8613812345678'] }, admin),
  },
  'GET /admin/configuration': {
    ...closed('GET', '/admin/configuration'),
    '200': ({ server, admin }) => server.get('/admin/configuration', admin),
  },
  'GET /admin/audit': {
    ...closed('GET', '/admin/audit'),
    '200': ({ server, admin }) => server.get('/admin/audit', admin),
    '400 VALIDATION_FAILED': ({ server, admin }) => server.get('/admin/audit?after=then', admin),
    '404 NOT_FOUND': ({ server, admin }) => server.get(`/admin/audit?number_ref=${NO_REF}`, admin),
  },
  'GET /admin/audit/seals': {
    ...closed('GET', '/admin/audit/seals'),
    '200': ({ server, admin }) => server.get('/admin/audit/seals', admin),
  },
  'GET /admin/operators': {
    ...closed('GET', '/admin/operators'),
    '200': ({ server, admin }) => server.get('/admin/operators', admin),
  },
  'GET /admin/overview': {
    ...closed('GET', '/admin/overview'),
    '200': ({ server, admin }) => server.get('/admin/overview?range=1h', admin),
    '400 VALIDATION_FAILED': ({ server, admin }) => server.get('/admin/overview?range=2h', admin),
  },
  'POST /admin/diagnosis': {
    ...closed('POST', '/admin/diagnosis'),
    ...bodyErrors('POST', '/admin/diagnosis'),
    '200': ({ server, admin, user }) =>
      server.post('/admin/diagnosis', { user: userIdOf(user.token) }, admin),
    '404 NOT_FOUND': ({ server, admin }) => server.post('/admin/diagnosis', { user: '2' }, admin),
  },
  'POST /admin/search': {
    ...closed('POST', '/admin/search'),
    ...bodyErrors('POST', '/admin/search'),
    '200': ({ server, admin, user }) => server.post('/admin/search', { query: user.mobile }, admin),
    '429 TOO_MANY_REQUESTS': ({ server, admin }) =>
      untilRefused(() => server.post('/admin/search', { query: 'nobody' }, admin)),
  },
};

/** What the guards of every route below `/admin` answer. */
export function closed(method: string, path: string): Record<string, Provoke> {
  const send = (who: 'user' | 'disabled' | 'unraised') => (world: ApiWorld) =>
    world.server.send(method, path, undefined, { token: world[who].token });
  return {
    '401 UNAUTHORIZED': ({ server }) => server.send(method, path),
    '403 REFRESH_TOKEN_NOT_ALLOWED': ({ server, admin }) =>
      server.send(method, path, undefined, { token: admin.refresh_token }),
    '403 USER_DISABLED': send('disabled'),
    '403 FORBIDDEN': send('user'),
    '403 STEP_UP_REQUIRED': send('unraised'),
    '503 UNAVAILABLE': ({ offline, admin }) =>
      offline.send(method, path, undefined, { token: admin.token }),
  };
}

function change(method: string, path: string, body: object): Record<string, Provoke> {
  return {
    ...closed(method, `/admin/users/2${path}`),
    ...bodyErrors(method, `/admin/users/2${path}`),
    ...ofUser(method, path, body),
    '400 REQUEST_REFUSED': ({ server, admin }) =>
      server.send(method, `/admin/users/${TOO_LONG}${path}`, body, { token: admin.token }),
  };
}

function ofUser(method: string, path: string, body?: object): Record<string, Provoke> {
  return {
    '404 NOT_FOUND': ({ server, admin }) =>
      server.send(method, `/admin/users/2${path}`, body, { token: admin.token }),
  };
}

export function bodyErrors(method: string, path: string): Record<string, Provoke> {
  return {
    '400 VALIDATION_FAILED': ({ server, admin }) =>
      server.send(method, path, { unknown: 1 }, { token: admin.token }),
    ...tooLarge(method, path),
    '415 UNSUPPORTED_MEDIA_TYPE': ({ server, admin }) =>
      server.send(method, path, 'name=Li', {
        token: admin.token,
        headers: { 'content-type': 'text/plain' },
      }),
  };
}

export function tooLarge(method: string, path: string): Record<string, Provoke> {
  return {
    '413 PAYLOAD_TOO_LARGE': ({ server, admin }) =>
      server.send(method, path, { name: 'x'.repeat(20_000) }, { token: admin.token }),
  };
}

const pathOf = ({ token }: { token: string }, path = '') =>
  `/admin/users/${userIdOf(token)}${path}`;

async function refOf({ server, admin }: ApiWorld, mobile: string): Promise<string> {
  const { body } = await server.post('/admin/search', { query: mobile }, admin);
  return body.users[0]?.number_ref ?? body.number_refs[0];
}

const lift = ({ server, admin }: ApiWorld, ref: string) =>
  server.delete(`/admin/limits?number_ref=${ref}`, admin);

const block = ({ server, admin }: ApiWorld, target: string) =>
  server.post('/admin/blocks', { target, seconds: 60, ...REASON }, admin);

async function untilRefused(attempt: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await attempt();
    if (answer.status >= 400) return answer;
  }
}

const orderNumber = async (world: ApiWorld, mobile: string) =>
  world.server.put(pathOf(await world.logIn(), '/mobile'), { ...REASON, mobile }, world.admin);
