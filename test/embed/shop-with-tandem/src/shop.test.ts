import { createTandemTest, type TandemTest } from '@tandem/nest/testing';
import { AppModule } from './app.module';

let tandem: TandemTest;

beforeAll(async () => {
  tandem = await createTandemTest({ imports: [AppModule] });
});
afterAll(() => tandem.close());

it('shows its orders to somebody who logs in', async () => {
  const customer = await tandem.loginAs();

  expect((await customer.get('/shop/orders')).body).toMatchObject({ orders: [] });
  expect((await tandem.http.get('/shop/orders')).status).toBe(401);
});

it('asks for a new login once the session is over', async () => {
  const customer = await tandem.loginAs();

  await tandem.clock.advance(3 * 3600);

  expect((await customer.get('/shop/orders')).status).toBe(401);
});
