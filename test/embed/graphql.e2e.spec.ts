import { type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/internal';
import { ExternalContextCreator } from '@nestjs/core';
import { CurrentUser, JwtAuthGuard, type Principal } from '../../src/index';
import { userIdOf } from '../support/jwt';
import { TestApp } from '../support/test-app';

@UseGuards(JwtAuthGuard)
@Injectable()
class OrdersResolver {
  owner(@CurrentUser() { userId }: Principal) {
    return userId;
  }
}

@Injectable()
class ElsewhereGuard extends JwtAuthGuard {
  override getRequest(context: ExecutionContext) {
    return context.getArgByIndex(2).connection;
  }
}

@UseGuards(ElsewhereGuard)
@Injectable()
class ElsewhereResolver {
  owner() {
    return 'somebody';
  }
}

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe('the guard of a resolver', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({
      adapter: 'Fastify',
      providers: [OrdersResolver, ElsewhereResolver],
    });
  });
  afterAll(() => app.close());

  /** Calls the method of a resolver as the package of Nest for GraphQL does. */
  const owner = async (resolver: OrdersResolver | ElsewhereResolver, context: object) =>
    app.nest
      .get(ExternalContextCreator)
      .create(
        resolver,
        resolver.owner as (...args: unknown[]) => unknown,
        'owner',
        ROUTE_ARGS_METADATA,
        { exchangeKeyForValue: () => undefined },
        undefined,
        undefined,
        undefined,
        'graphql',
      )({}, {}, context, {});

  it('finds the request as `req` of the context, and leaves the caller there', async () => {
    const { token, refresh_token } = await app.logIn();
    const resolver = app.nest.get(OrdersResolver);

    expect(await owner(resolver, { req: as(token) })).toBe(userIdOf(token));
    await expect(owner(resolver, { req: { headers: {} } })).rejects.toMatchObject({ status: 401 });
    await expect(owner(resolver, { req: as(refresh_token) })).rejects.toMatchObject({
      status: 403,
    });
  });

  it('finds it elsewhere by its one method that a host overrides', async () => {
    const { token, refresh_token } = await app.logIn();
    const resolver = app.nest.get(ElsewhereResolver);
    const connection = as(token);

    expect(await owner(resolver, { connection })).toBe('somebody');
    expect(connection).toMatchObject({ user: { userId: userIdOf(token) } });
    await expect(owner(resolver, { connection: { headers: {} } })).rejects.toMatchObject({
      status: 401,
    });
    await expect(owner(resolver, { connection: as(refresh_token) })).rejects.toMatchObject({
      status: 403,
    });
  });
});
