import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { OrdersModule } from '../../examples/orders/src/orders.module';
import { Client } from '../support/client';
import { generateJwk, writeKeys } from '../support/jwk';
import { userIdOf } from '../support/jwt';
import { SERVICE, SERVICE_CLIENTS } from '../support/service-client';
import { freePort } from '../support/servers/free-port';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

interface Orders {
  client: Client;
  nest: NestFastifyApplication;
}

async function startOrders(tandemUrl: string): Promise<Orders> {
  const nest = await NestFactory.create<NestFastifyApplication>(
    OrdersModule.forRoot({ url: tandemUrl, client: SERVICE }),
    new FastifyAdapter(),
    { logger: false },
  );
  await nest.listen(0, '127.0.0.1');
  return { nest, client: new Client(await nest.getUrl()) };
}

describe('the example of a resource server', () => {
  let tandem: TestApp;
  let orders: Orders;

  beforeAll(async () => {
    tandem = await TestApp.start({
      env: { SERVICE_CLIENTS, JWT_KEYS_FILE: writeKeys([generateJwk()]) },
    });
    orders = await startOrders(tandem.baseUrl);
  });
  afterAll(async () => {
    await orders.nest.close();
    await tandem.close();
  });

  const statusWith = async (token?: string, { client } = orders) =>
    (await client.get('/orders', { token })).status;

  it('serves the bearer of an access token', async () => {
    const { token } = await tandem.logIn();

    const { status, body } = await orders.client.get('/orders', { token });

    expect(status).toBe(200);
    expect(body).toEqual({ user_id: userIdOf(token), orders: [] });
  });

  it('rule 1: refuses a refresh token, and whoever has none', async () => {
    const { refresh_token } = await tandem.logIn();

    expect(await statusWith(refresh_token)).toBe(403);
    for (const token of ['garbage', undefined]) expect(await statusWith(token)).toBe(401);
  });

  it('refuses an access token within 2 s of the logout at Tandem', async () => {
    const { token } = await tandem.logIn();
    expect(await statusWith(token)).toBe(200);

    await tandem.delete('/auth/tokens', { token });

    await until(async () => (await statusWith(token)) === 401);
  });

  it('knows of a logout that was before its start', async () => {
    const { token } = await tandem.logIn();
    await tandem.delete('/auth/tokens', { token });

    const late = await startOrders(tandem.baseUrl);

    expect(await statusWith(token, late)).toBe(401);
    await late.nest.close();
  });

  it('answers 503, never 401, while Tandem is away at its start', async () => {
    const { token } = await tandem.logIn();

    const alone = await startOrders(`http://127.0.0.1:${await freePort()}`);

    expect(await statusWith(token, alone)).toBe(503);
    await alone.nest.close();
  });

  it('answers 503, never 401, when the keys cannot be had from where Tandem should be', async () => {
    const { token } = await tandem.logIn();

    const misled = await startOrders(orders.client.baseUrl);

    expect(await statusWith(token, misled)).toBe(503);
    await misled.nest.close();
  });
});
