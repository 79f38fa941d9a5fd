import { readFileSync } from 'node:fs';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { JwtAuthGuard } from '../../src/auth/jwt-auth.guard';
import { Public } from '../../src/auth/public.decorator';
import { CurrentUser, type Principal } from '../../src/contract/current-user.decorator';
import { crowd } from '../support/crowd';
import { exactRequest } from '../support/exact-request';
import { PATH_TRICKS } from '../support/path-tricks';
import { type LoggedIn, TestApp, type TestAppOptions } from '../support/test-app';

@Controller('order')
class OrderController {
  @Get()
  order() {
    return 'order';
  }

  @Get('owner')
  owner(@CurrentUser() { userId }: Principal) {
    return { owner: userId };
  }

  @Public()
  @Get('menu')
  menu() {
    return 'menu';
  }
}

@UseGuards(JwtAuthGuard)
@Controller('guarded-order')
class GuardedOrderController extends OrderController {}

@Public()
@Controller('public-order')
class PublicOrderController extends OrderController {}

const ORDERS = [OrderController, GuardedOrderController, PublicOrderController];

/** What nobody may call without a token or the secret of a service. */
const OURS = Object.entries<Record<string, { security?: object[] }>>(
  JSON.parse(readFileSync('openapi.json', 'utf8')).paths,
).flatMap(([pattern, methods]) =>
  Object.keys(methods)
    .filter((method) => methods[method]!.security)
    .map((method) => `${method.toUpperCase()} ${exampleOf(pattern)}`),
);

describe('the guard on controllers of another module', () => {
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ controllers: ORDERS });
    user = await app.logIn();
  });
  afterAll(() => app.close());

  const authorized = (authorization: string) => app.get('/order', { headers: { authorization } });

  describe.each([
    ['by default', '/order'],
    ['by @UseGuards(JwtAuthGuard)', '/guarded-order'],
  ])('closed %s', (_, path) => {
    it('refuses a caller without a token', async () => {
      const { status, headers, body } = await app.get(path);

      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(body).toEqual({
        statusCode: 401,
        message: 'User must be authorized.',
        error: 'Unauthorized',
        errorCode: 'UNAUTHORIZED',
        request_id: expect.any(String),
      });
    });

    it('refuses garbage as it refuses no token', async () => {
      const [none, garbage] = [await app.get(path), await app.get(path, { token: 'garbage' })];

      expect(garbage.status).toBe(401);
      expect(garbage.headers.get('www-authenticate')).toBe('Bearer');
      expect(garbage.body).toEqual({ ...none.body, request_id: expect.any(String) });
    });

    it('rule 1: refuses a refresh token, and says what is wrong', async () => {
      const { status, headers, body } = await app.get(path, { token: user.refresh_token });

      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toBeNull();
      expect(body).toEqual({
        statusCode: 403,
        message: 'Do not use refresh token.',
        error: 'Forbidden',
        errorCode: 'REFRESH_TOKEN_NOT_ALLOWED',
        request_id: expect.any(String),
      });
    });

    it('opens to an access token', async () => {
      const { status, body } = await app.get(path, { token: user.token });

      expect([status, body]).toEqual([200, 'order']);
    });

    it('tells the handler who calls', async () => {
      const me = await app.get('/users/me', { token: user.token });

      const { body } = await app.get(`${path}/owner`, { token: user.token });

      expect(body).toEqual({ owner: me.body.id });
    });

    it('opens a @Public() route to everyone', async () => {
      const answers = await Promise.all([
        app.get(`${path}/menu`),
        app.get(`${path}/menu`, { token: 'garbage' }),
        app.get(`${path}/menu`, { token: user.refresh_token }),
      ]);

      expect(answers.map(({ body }) => body)).toEqual(['menu', 'menu', 'menu']);
    });
  });

  it('opens every route of a @Public() controller', async () => {
    const { status, body } = await app.get('/public-order');

    expect([status, body]).toEqual([200, 'order']);
  });

  it.each(['Bearer', 'bearer', 'BEARER', 'Bearer  '])(
    'reads the token behind "%s"',
    async (scheme) => {
      expect((await authorized(`${scheme} ${user.token}`)).status).toBe(200);
    },
  );

  it.each([
    ['no scheme', (token: string) => token],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['a scheme that only starts like it', (token: string) => `BearerX ${token}`],
    ['a scheme without a space', (token: string) => `Bearer${token}`],
    ['something in front', (token: string) => `x Bearer ${token}`],
    ['a comma list', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['quotes', (token: string) => `Bearer "${token}"`],
    ['a scheme alone', () => 'Bearer'],
  ])('refuses an Authorization header with %s', async (_, header) => {
    expect((await authorized(header(user.token))).status).toBe(401);
  });

  it('reads the token from nowhere but the Authorization header', async () => {
    const { token } = user;
    const answers = await Promise.all([
      app.get(`/order?access_token=${token}&token=${token}`),
      app.get('/order', { headers: { cookie: `token=${token}; access_token=${token}` } }),
      app.get('/order', { headers: { 'x-access-token': token, 'proxy-authorization': token } }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  });
});

function exampleOf(pattern: string): string {
  return pattern.replaceAll(/\{\w+\}/g, '1');
}

/** What an application serves, and how it answers somebody without a token. */
async function routesOf(app: TestApp) {
  const { paths } = SwaggerModule.createDocument(app.nest, new DocumentBuilder().build());
  const operations = Object.entries<object>(paths).flatMap(([pattern, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: exampleOf(pattern),
    })),
  );
  return crowd(operations.length, async (index) => {
    const { method, path } = operations[index]!;
    const { status } = await exactRequest(app.baseUrl, method, path);
    return { method, path, isGuarded: status === 401 || status === 403 };
  });
}

const isOwner = ({ path }: { path: string }) => path.endsWith('/owner');
const CLOSED = ['/guarded-order', '/guarded-order/owner'];

describe.each<[where: string, options: TestAppOptions, closed: string[]]>([
  ['the server', {}, [...CLOSED, '/order', '/order/owner']],
  [
    'a host application that guards by hand',
    { adapter: 'Fastify', guard: 'manual', routes: { admin: true } },
    CLOSED,
  ],
])('the guard on every route of %s', (_name, options, closed) => {
  let app: TestApp;
  let routes: Awaited<ReturnType<typeof routesOf>>;

  beforeAll(async () => {
    app = await TestApp.start({ ...options, controllers: ORDERS });
    // The owner of an order that is open is nobody whom its handler could answer.
    routes = (await routesOf(app)).filter((route) => route.isGuarded || !isOwner(route));
  });
  afterAll(() => app.close());

  it('closes those of Tandem, and of the others those that say so', () => {
    const guarded = routes.filter(({ isGuarded }) => isGuarded);
    const own = guarded.filter(({ path }) => path.includes('order')).map(({ path }) => path);
    const ours = guarded.filter(({ path }) => !path.includes('order'));

    expect(own.toSorted()).toEqual(closed);
    expect(ours.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(OURS.toSorted());
  });

  // Node answers for a host, and hangs up, where a request does not start with a path.
  const tricks = Object.entries(PATH_TRICKS).filter(
    ([, respell]) => !options.adapter || respell('/a').startsWith('/'),
  );

  it.each(tricks)('holds for a path with %s', async (_, respell) => {
    const answers = await crowd(routes.length, async (index) => {
      const { method, path, isGuarded } = routes[index]!;
      const { status, text } = await exactRequest(app.baseUrl, method, respell(path));
      return { route: `${method} ${respell(path)}`, status, text, isGuarded };
    });

    const guarded = answers.filter(({ isGuarded }) => isGuarded);
    expect(guarded.length).toBeGreaterThan(10);
    expect(guarded.filter(({ status }) => ![400, 401, 403, 404].includes(status))).toEqual([]);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it.each<[what: string, headers: Record<string, string>]>([
    ['another method', { 'x-http-method-override': 'GET', 'x-method-override': 'GET' }],
    ['another path', { 'x-original-url': '/health/live', 'x-rewrite-url': '/health/live' }],
    ['another prefix', { 'x-forwarded-prefix': '/health', 'x-original-uri': '/health/live' }],
    ['this machine', { 'x-forwarded-for': '127.0.0.1', forwarded: 'for=127.0.0.1' }],
  ])('holds with headers that name %s', async (_, headers) => {
    const answers = await crowd(routes.length, async (index) => {
      const { method, path, isGuarded } = routes[index]!;
      const { status } = await exactRequest(app.baseUrl, method, path, headers);
      return {
        route: `${method} ${path}`,
        isGuarded,
        isRefused: status === 401 || status === 403,
      };
    });

    expect(answers.filter(({ isGuarded, isRefused }) => isGuarded !== isRefused)).toEqual([]);
  });

  it('holds for HEAD, and other methods lead nowhere', async () => {
    const guarded = routes.filter(({ method, isGuarded }) => method === 'GET' && isGuarded);
    for (const { path } of guarded) {
      const statuses = ['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'].map(
        async (method) => (await exactRequest(app.baseUrl, method, path)).status,
      );
      expect([path, ...(await Promise.all(statuses))]).toEqual([path, 401, 404, 404, 404]);
    }
  });
});
