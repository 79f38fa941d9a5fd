import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ExpressAdapter } from 'express-adapter';
import type { DataSource } from 'typeorm';
import { CurrentUser, JwtAuthGuard, type Principal, TANDEM, TandemModule } from '../../src/index';
import { createTandemTest, TandemTest } from '../../src/testing';
import { decodeJwt, userIdOf } from '../support/jwt';

@Controller('orders')
@UseGuards(JwtAuthGuard)
class OrdersController {
  @Get()
  list(@CurrentUser() user: Principal) {
    return { user_id: user.userId };
  }
}

const unreachable = () => {
  throw new Error('The host reads its configuration');
};

/** Its own database cannot be reached, nor its configuration be read, in a test. */
@Module({
  imports: [TandemModule.forRootAsync({ useFactory: unreachable })],
  controllers: [OrdersController],
})
class ShopModule {}

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])("what users' own tests import, on %s", (_, adapter) => {
  let tandem: TandemTest;

  beforeAll(async () => {
    tandem = await createTandemTest({ imports: [ShopModule], adapter: adapter() });
  });
  afterAll(() => tandem.close());

  it('logs somebody in to the modules of the host', async () => {
    const user = await tandem.loginAs();

    const { status, body } = await user.get('/orders');

    expect([status, body]).toEqual([200, { user_id: userIdOf(user.token) }]);
    expect((await tandem.http.get('/orders')).status).toBe(401);
  });

  it('logs the same number in again and again, in any spelling', async () => {
    const first = await tandem.loginAs('+8613812345678');
    for (let times = 0; times < 30; times++) await tandem.loginAs('+8613812345678');
    const last = await tandem.loginAs('+86 138 1234 5678');

    expect(userIdOf(last.token)).toBe(userIdOf(first.token));
  });

  it('tells the newest code of a number, and that none was sent', async () => {
    await tandem.http.post('/auth/codes', { mobile: '+8613800000001' });

    expect(tandem.lastCode('+86 13800000001')).toMatch(/^\d{6}$/);
    expect(() => tandem.lastCode('+8613800000002')).toThrow('No code was sent');
  });

  it('lets time pass for tokens, codes and the database', async () => {
    const user = await tandem.loginAs();
    const mobile = '+8613800000003';
    await tandem.http.post('/auth/codes', { mobile });

    await tandem.clock.advance(3 * 3600);

    expect((await user.get('/orders')).status).toBe(401);
    const late = await tandem.http.post('/auth/tokens', { mobile, code: tandem.lastCode(mobile) });
    expect(late.body.errorCode).toBe('INVALID_CODE');
    const renewed = await tandem.http.as(user.refresh_token).put('/auth/tokens');
    expect((await tandem.http.as(renewed.body.token).get('/orders')).status).toBe(200);
  });

  it('sets the clock that sessions end by', async () => {
    const user = await tandem.loginAs();
    await tandem.clock.set('2040-05-06T07:08:09Z');
    const other = await tandem.loginAs(user.mobile);
    await other.delete('/auth/tokens');

    const sql = tandem.app.get<DataSource>(getDataSourceToken(TANDEM), { strict: false });
    const [{ ended }] = await sql.query('SELECT MAX(ended_at) AS ended FROM tandem_sessions');

    expect(new Date(Number(ended)).toJSON()).toMatch(/^2040-05-06T07:08/);
  });
});

describe('a Tandem for tests', () => {
  it('is added where no module imports it, with the options that are asked for', async () => {
    const tandem = await createTandemTest({
      controllers: [OrdersController],
      adapter: new FastifyAdapter(),
      options: { JWT_ISSUER: 'the shop', LIMITS: 'code-cooldown=1/1h' },
    });
    const user = await tandem.loginAs();

    expect(decodeJwt(user.token).claims.iss).toBe('the shop');
    await expect(tandem.loginAs(user.mobile)).rejects.toThrow('429');
    await tandem.close();
  });

  it('fits into a module that is built step by step, with a prefix', async () => {
    const tandem = new TandemTest({ prefix: '/api' });
    const builder = tandem.applyTo(Test.createTestingModule({ imports: [ShopModule] }));
    const app = (await builder.compile()).createNestApplication(new ExpressAdapter());
    app.setGlobalPrefix('api');
    await app.listen(0, '127.0.0.1');
    await tandem.attachTo(app);

    const user = await tandem.loginAs();

    expect((await user.get('/api/orders')).status).toBe(200);
    await tandem.close();
  });
});
