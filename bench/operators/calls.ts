import type { ServerProcess } from '../../test/support/server-process';
import type { AuditRows } from '../growth/audit-rows';
import type { BusyUsers } from '../growth/busy-users';
import type { Population } from '../growth/population';

type Answers = Promise<readonly { status: number }[]>;

export interface Call {
  readonly name: string;
  /** Milliseconds that 95 of 100 may take. */
  readonly most: number;
  /** @param n of a user, from 1 on. */
  readonly make: (server: ServerProcess, token: string, n: number) => Answers;
}

const LOOK_UP_MS = 50;
const SCREEN_MS = 300;

const get = (name: string, pathOf: (n: number) => string, most = LOOK_UP_MS): Call => ({
  name,
  most,
  make: async (server, token, n) => [await server.get(`/admin/${pathOf(n)}`, { token })],
});

const search = (name: string, queryOf: (n: number) => string): Call => ({
  name: `search by ${name}`,
  most: LOOK_UP_MS,
  make: async (server, token, n) => [
    await server.post('/admin/search', { query: queryOf(n) }, { token }),
  ],
});

const diagnosis = (server: ServerProcess, token: string, user: string) =>
  server.post('/admin/diagnosis', { user }, { token });

const monthAgo = () => new Date(Date.now() - 30 * 86_400_000).toISOString();

/** What the console asks for one user, at once. */
const userScreen = (name: string, idOf: (n: number) => string): Call => ({
  name,
  most: SCREEN_MS,
  make: (server, token, n) => {
    const path = `/admin/users/${idOf(n)}`;
    return Promise.all([
      server.get(path, { token }),
      diagnosis(server, token, idOf(n)),
      server.get(`${path}/timeline`, { token }),
    ]);
  },
});

export function callsOn(population: Population, rows: AuditRows, busy: BusyUsers): Call[] {
  const idOf = (n: number) => population.idOf(n);
  return [
    search('number', (n) => population.mobileOf(n)),
    search('id', idOf),
    search('username', (n) => `user-${n}`),
    search('id of a request', (n) => rows.requestIdOf(n)),
    search('id of a message', (n) => `message-${n}`),
    get('audit of everything', () => 'audit'),
    get('audit of a user', (n) => `audit?user=${idOf(n)}`),
    get('audit of an action', () => 'audit?action=session.ended'),
    get('audit of an action in a month', () => `audit?action=user.deleted&since=${monthAgo()}`),
    get('messages, the newest', () => 'sms/deliveries'),
    get('messages of a country', () => 'sms/deliveries?country=FJ'),
    get('messages that failed in a country', () => 'sms/deliveries?country=HK&outcome=failed'),
    get('messages that a provider lost', () => 'sms/deliveries?provider=twilio&receipt=failed'),
    get('unused codes of a month', () => `sms/deliveries?used=false&since=${monthAgo()}`),
    {
      name: 'diagnosis of a user',
      most: LOOK_UP_MS,
      make: async (server, token, n) => [await diagnosis(server, token, idOf(n))],
    },
    userScreen('screen of a user', idOf),
    userScreen('screen of a busy user', (n) => population.idOf(busy.userOf(n))),
    get('overview of a day', () => 'overview', SCREEN_MS),
    get('spend of a week', () => 'sms/spend', SCREEN_MS),
  ];
}
