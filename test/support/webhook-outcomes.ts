import { bodyErrors, closed, type Provoke, TOO_LONG, tooLarge } from './admin-outcomes';
import type { ApiWorld } from './api-world';

/** Nothing is sent there: it is not public. */
export const PRIVATE_ENDPOINT = { url: 'http://127.0.0.1:9/hook', events: ['*'] };

/** How to get every documented answer of the operations below `/admin/webhooks`. */
export const WEBHOOK_OUTCOMES: Record<string, Record<string, Provoke>> = {
  'GET /admin/webhooks': {
    ...closed('GET', '/admin/webhooks'),
    '200': ({ server, admin }) => server.get('/admin/webhooks', admin),
  },
  'POST /admin/webhooks': {
    ...closed('POST', '/admin/webhooks'),
    ...bodyErrors('POST', '/admin/webhooks'),
    '201': ({ server, admin }) => server.post('/admin/webhooks', PRIVATE_ENDPOINT, admin),
  },
  'DELETE /admin/webhooks/{id}': {
    ...named('DELETE', ''),
    ...tooLarge('DELETE', '/admin/webhooks/2'),
    '204': (world) => onNew(world, 'DELETE', ''),
  },
  'GET /admin/webhooks/{id}/attempts': {
    ...named('GET', '/attempts'),
    '200': (world) => onNew(world, 'GET', '/attempts'),
    '400 VALIDATION_FAILED': ({ server, admin }) =>
      server.get('/admin/webhooks/2/attempts?after=then', admin),
  },
  'POST /admin/webhooks/{id}/replay': {
    ...named('POST', '/replay', { event: 'evt_2' }),
    ...bodyErrors('POST', '/admin/webhooks/2/replay'),
    '202': (world) => onNew(world, 'POST', '/replay', { since: '2026-01-01' }),
  },
  'POST /admin/webhooks/{id}/test': {
    ...named('POST', '/test'),
    ...tooLarge('POST', '/admin/webhooks/2/test'),
    '200': (world) => onNew(world, 'POST', '/test'),
  },
};

function named(method: string, path: string, body?: object): Record<string, Provoke> {
  const of = (id: string) => `/admin/webhooks/${id}${path}`;
  return {
    ...closed(method, of('2')),
    '400 REQUEST_REFUSED': ({ server, admin }) => server.send(method, of(TOO_LONG), body, admin),
    '404 NOT_FOUND': ({ server, admin }) => server.send(method, of('2'), body, admin),
  };
}

async function onNew({ server, admin }: ApiWorld, method: string, path: string, body?: object) {
  const { id } = (await server.post('/admin/webhooks', PRIVATE_ENDPOINT, admin)).body;
  return server.send(method, `/admin/webhooks/${id}${path}`, body, admin);
}
