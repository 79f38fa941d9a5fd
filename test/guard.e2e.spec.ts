import { Controller, Get, UseGuards } from '@nestjs/common';
import { JwtAuthGuard } from '../src/auth/jwt-auth.guard';
import { Public } from '../src/auth/public.decorator';
import { CurrentUser, type Principal } from '../src/common/current-user.decorator';
import { type LoggedIn, TestApp } from './support/test-app';

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

describe('the guard on controllers of another module', () => {
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({
      controllers: [OrderController, GuardedOrderController, PublicOrderController],
    });
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
