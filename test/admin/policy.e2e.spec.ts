import { IsNull } from 'typeorm';
import { EventStreamsService } from '../../src/admin/event-streams.service';
import { Session } from '../../src/sessions/session.entity';
import { newOperator } from '../support/operators';
import { routesOf } from '../support/route-table';
import { basic, SERVICE_CLIENTS } from '../support/service-client';
import { TestApp, type TestAppOptions } from '../support/test-app';
import { type Audience, POLICY, SERVER_PAGES } from './policy';

const CALLERS = ['none', 'user', 'refresh', 'viewer', 'support', 'admin', 'service'] as const;
type Caller = (typeof CALLERS)[number];

const TOKENS: Caller[] = ['user', 'viewer', 'support', 'admin'];

/** Who gets in. */
const ADMITTED: Record<Audience, readonly Caller[]> = {
  everybody: CALLERS,
  'access token': TOKENS,
  'refresh token': ['refresh'],
  'any token': [...TOKENS, 'refresh'],
  service: ['service'],
  // No header opens a page that is for the cookie.
  cookie: [],
  viewer: ['viewer', 'support', 'admin'],
  support: ['support', 'admin'],
  admin: ['admin'],
};

/** What guards say, and no handler. */
const CLOSED = new Set([
  'UNAUTHORIZED',
  'INVALID_CLIENT',
  'REFRESH_TOKEN_NOT_ALLOWED',
  'WRONG_REFRESH_TOKEN',
  'FORBIDDEN',
  'STEP_UP_REQUIRED',
]);

/** Refusals of handlers with the status of a guard. */
const OF_HANDLERS = new Set(['RECENT_CODE_REQUIRED', 'RECENT_LOGIN_REQUIRED']);

const PAGES = {
  CONSOLE: 'on',
  LOGIN_PAGE: 'on',
  LOGIN_RETURN_TO: 'https://app.example.com/',
  REFRESH_COOKIE: 'on',
};

const FORMS: [string, TestAppOptions, Record<string, Audience>][] = [
  ['the server', { env: PAGES }, { ...POLICY, ...SERVER_PAGES }],
  ['a host', { adapter: 'Fastify', routes: { admin: true, ops: true } }, POLICY],
];

describe.each(FORMS)('the policy of %s', (_, options, policy) => {
  let app: TestApp;
  let headers: Record<Caller, Record<string, string>>;

  beforeAll(async () => {
    app = await TestApp.start({
      ...options,
      env: {
        ...options.env,
        SERVICE_CLIENTS,
        LIMITS: 'code-cooldown=99/1h,codes-per-address=999/1h',
      },
    });
    // Streams end with their first part.
    app.nest.get(EventStreamsService).onModuleDestroy();
    const [user, refresh] = [await app.logIn(), await app.logIn()];
    headers = {
      none: {},
      user: bearer(user.token),
      refresh: bearer(refresh.refresh_token),
      viewer: bearer((await newOperator(app, 'viewer')).token),
      support: bearer((await newOperator(app, 'support')).token),
      admin: bearer((await newOperator(app, 'admin')).token),
      service: basic(),
    };
    // Their codes are too old to delete them.
    await app.sql.getRepository(Session).decrement({ endedAt: IsNull() }, 'createdAt', 3_600_000);
  });
  afterAll(() => app.close());

  it('rule 24: names every route of the application, and no other', () => {
    const routes = routesOf(app);

    expect(routes.length).toBeGreaterThan(30);
    expect(routes.toSorted(byName)).toEqual(Object.keys(policy).toSorted(byName));
  });

  it('rule 24: lets in whom it names, and nobody else', async () => {
    const wrong: string[] = [];
    // What ends the sessions of the callers comes last.
    const routes = Object.entries(policy).toSorted(([one], [other]) => rank(one) - rank(other));
    for (const [route, audience] of routes) {
      for (const caller of CALLERS) {
        const isIn = await letsIn(route, caller);
        if (isIn !== ADMITTED[audience].includes(caller)) {
          wrong.push(`${route} ${isIn ? 'lets in' : 'refuses'} ${caller}`);
        }
      }
    }

    expect(wrong).toEqual([]);
  });

  /** A call without a body, of what is not there: handlers refuse it for other reasons than guards do. */
  async function letsIn(route: string, caller: Caller): Promise<boolean> {
    const [method, pattern] = route.split(' ') as [string, string];
    const path = pattern.replaceAll(/:\w+/g, '1');
    const { status, body, ...answer } = await app.send(method, path, undefined, {
      headers: headers[caller],
      redirect: 'manual',
    });
    if (answer.headers.get('location')?.startsWith('/login?')) return false;
    const isClosed = [401, 403].includes(status) && !OF_HANDLERS.has(body.errorCode);
    expect([route, caller, isClosed && !CLOSED.has(body.errorCode)]).toEqual([
      route,
      caller,
      false,
    ]);
    return !isClosed;
  }
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const byName = (one: string, other: string) => (one < other ? -1 : 1);
const rank = (route: string) => (route === 'DELETE /auth/tokens' ? 1 : 0);
