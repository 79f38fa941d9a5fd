import { randomUUID } from 'node:crypto';
import {
  type INestApplication,
  Body,
  Controller,
  Get,
  Module,
  Post,
  UseGuards,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { JwtAuthGuard } from '../../src/auth/jwt-auth.guard';
import { Public } from '../../src/auth/public.decorator';
import { CurrentUser, type Principal } from '../../src/contract/current-user.decorator';
import type { Client } from '../support/client';
import { ADAPTERS, startHost } from '../support/host-app';
import { userIdOf } from '../support/jwt';
import { open, textOf } from '../support/raw-request';
import { expectRefusal } from '../support/refusal';
import { emptyDirectory } from '../support/server-process';
import { basic, postForm, SERVICE_CLIENTS } from '../support/service-client';
import { smsEnv } from '../support/sms-env';
import { SCHEMA } from '../../src/schema';
import { TandemModule } from '../../src/tandem.module';
import { SmsInbox } from '../support/sms-inbox';
import { freshStores } from '../support/stores';
import { TestApp } from '../support/test-app';

@Controller('shop')
class ShopController {
  @Get()
  open() {
    return { open: true };
  }

  @Get('broken')
  broken() {
    throw new Error('not of Tandem');
  }

  @Post('echo')
  echo(@Body() body: unknown) {
    return { body };
  }

  @UseGuards(JwtAuthGuard)
  @Get('orders')
  orders(@CurrentUser() { userId }: Principal) {
    return { owner: userId };
  }

  @Public()
  @Get('menu')
  menu() {
    return 'menu';
  }
}

/** The same without what only Tandem can serve. */
@Controller('shop')
class BareController {
  @Get()
  open() {
    return { open: true };
  }

  @Get('broken')
  broken() {
    throw new Error('not of Tandem');
  }

  @Post('echo')
  echo(@Body() body: unknown) {
    return { body };
  }
}

const request = (line: string, headers: string[] = [], body = '') =>
  [`${line} HTTP/1.1`, 'Host: shop', 'Connection: close', ...headers, '', body].join('\r\n');

const withBody = (type: string, body: string) =>
  request('POST /shop/echo', [`Content-Type: ${type}`, `Content-Length: ${body.length}`], body);

const OWN_REQUESTS = {
  'a route': request('GET /shop'),
  'an unknown path': request('GET /nothing'),
  'the root': request('GET /'),
  'an error': request('GET /shop/broken'),
  'an unknown method': request('DELETE /shop'),
  'a preflight': request('OPTIONS /shop', [
    'Origin: https://a.example',
    'Access-Control-Request-Method: GET',
  ]),
  'a JSON body': withBody('application/json', '{"a":1,"a":2}'),
  'a list': withBody('application/json', '[1]'),
  'a JSON body that does not parse': withBody('application/json', '{"a"'),
  'a form': withBody('application/x-www-form-urlencoded', 'a=1&a=2'),
  text: withBody('text/plain', 'a'),
  'a large body': withBody('application/json', JSON.stringify({ a: 'x'.repeat(50_000) })),
};

describe.each(ADAPTERS)('a host application on %s', (adapter) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ adapter, controllers: [ShopController], env: { SERVICE_CLIENTS } });
  });
  afterAll(() => app.close());

  it('guards its routes by @UseGuards(JwtAuthGuard), and knows who calls', async () => {
    const { token, refresh_token } = await app.logIn();

    expect((await app.get('/shop/orders', { token })).body).toEqual({ owner: userIdOf(token) });
    const refused = await app.get('/shop/orders');
    expect([refused.status, refused.body.errorCode]).toEqual([401, 'UNAUTHORIZED']);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect((await app.get('/shop/orders', { token: refresh_token })).status).toBe(403);
  });

  it('keeps its other routes open, and those of Tandem are guarded', async () => {
    expect((await app.get('/shop')).body).toEqual({ open: true });
    const guarded = ['/users/me', '/auth/sessions'].map((path) => app.get(path));
    for (const answer of await Promise.all(guarded)) expectRefusal(answer, 'UNAUTHORIZED');
    expectRefusal(await app.delete('/auth/sessions/1'), 'UNAUTHORIZED');
    expectRefusal(await app.patch('/users/me', {}), 'UNAUTHORIZED');
    expectRefusal(await app.put('/users/me/password', {}), 'UNAUTHORIZED');
  });

  it('refuses bodies that are no objects in the shape of every error', async () => {
    for (const body of ['[]', '[{"mobile":"+1"}]', undefined]) {
      expectRefusal(await app.post('/auth/codes', body), 'VALIDATION_FAILED');
    }
    const { body } = await app.post('/auth/codes', { mobile: 5, more: true });
    expect(body.message).toEqual(expect.arrayContaining([expect.stringContaining('mobile')]));
  });

  it('reads the forms of services with its own parser', async () => {
    const { token } = await app.logIn();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...basic() };

    const known = await postForm(app, '/auth/introspect', { token, unknown: 'ignored' });
    const doubled = await app.post('/auth/introspect', 'token=a&token=b', { headers });
    const otherDoubled = await app.post('/auth/introspect', 'token=a&x=1&x=2', { headers });

    expect(known.body).toMatchObject({ active: true, sub: userIdOf(token) });
    for (const answer of [doubled, otherDoubled]) expectRefusal(answer, 'VALIDATION_FAILED');
  });

  it('has no routes of operators', async () => {
    const statuses = ['/health/live', '/metrics', '/docs'].map(
      async (path) => (await app.get(path)).status,
    );
    expect(await Promise.all(statuses)).toEqual([404, 404, 404]);
  });

  it.each([
    ['takes the requests of Tandem', 'auth', 'login'],
    ['has a parameter in its place', 'auth', ':method'],
  ])('does not start when a route of its own %s', async (_, path, method) => {
    @Controller(path)
    class CollidingController {
      @Post(method)
      own() {}
    }

    const started = TestApp.start({ adapter, controllers: [CollidingController] });

    // Fastify asks the route that says most.
    if (adapter === 'Fastify' && method === ':method') return (await started).close();
    await expect(started).rejects.toThrow(method === 'login' ? /auth\/login/ : /never be reached/);
  });

  it('may close all of its routes but those that are public', async () => {
    const closed = await TestApp.start({ adapter, guard: 'global', controllers: [ShopController] });
    const { token } = await closed.logIn();

    expect((await closed.get('/shop')).status).toBe(401);
    expect((await closed.get('/shop', { token })).status).toBe(200);
    expect((await closed.get('/shop/menu')).status).toBe(200);
    await closed.close();
  });

  it('puts the routes below a prefix, beside its own prefix and versions', async () => {
    const prefixed = await TestApp.start({
      adapter,
      routes: { prefix: 'identity' },
      prepare: (nest) => {
        nest.setGlobalPrefix('api', { exclude: ['.well-known/jwks.json'] });
        nest.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
        nest.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
      },
      controllers: [ShopController],
    });

    const mobile = '+8613800138000';
    expect((await prefixed.post('/api/identity/auth/codes', { mobile })).status).toBe(202);
    expect((await prefixed.get('/api/identity/users/me')).status).toBe(401);
    expect((await prefixed.get('/.well-known/jwks.json')).body).toEqual({ keys: [] });
    expect((await prefixed.get('/api/v1/shop')).status).toBe(200);
    const { body } = await prefixed.post('/api/identity/auth/codes', { mobile: 5 });
    expect(body.message).toContain('mobile must be a string');
    await prefixed.close();
  });

  it('takes no token of another Tandem in the process', async () => {
    const env = { JWT_SECRET: randomUUID() };
    const other = await TestApp.start({ adapter, controllers: [ShopController], env });
    const [own, foreign] = [await app.logIn(), await other.logIn()];

    expect([await statusOf(app, own.token), await statusOf(other, foreign.token)]).toEqual([
      200, 200,
    ]);
    expect([await statusOf(app, foreign.token), await statusOf(other, own.token)]).toEqual([
      401, 401,
    ]);
    await other.close();
    expect(await statusOf(app, own.token)).toBe(200);
  });

  it('rule 25: answers byte by byte as without Tandem', async () => {
    const inbox = await SmsInbox.open();
    const env = { ...(await freshStores('embedded')), ...smsEnv(inbox) };
    const bare = await startHost({ adapter, controllers: [BareController] });
    const tandem = await startHost({ adapter, controllers: [BareController] }, env);

    for (const [name, text] of Object.entries(OWN_REQUESTS)) {
      const [before, after] = [await bytesOf(bare, text), await bytesOf(tandem, text)];
      expect([name, after]).toEqual([name, before]);
    }

    await Promise.all([bare.close(), tandem.close()]);
    await inbox.close();
  });
});

/** Everything but the tables of Tandem and what SQLite keeps for itself. */
const contentsOf = async (database: DataSource) => [
  await database.query(
    "SELECT * FROM sqlite_schema WHERE tbl_name NOT LIKE 'tandem\\_%' ESCAPE '\\' AND name <> 'sqlite_sequence' ORDER BY name",
  ),
  await database.query('SELECT * FROM users'),
  await database.query('SELECT * FROM migrations'),
];

const tandem = () => TandemModule.forRoot({ NODE_ENV: 'test', DATA_DIR: emptyDirectory() });

it('a host whose modules import Tandem each on their own does not start', async () => {
  @Module({ imports: [tandem()] })
  class Orders {}
  @Module({ imports: [tandem(), Orders] })
  class Root {}

  const started = NestFactory.createApplicationContext(Root, {
    logger: false,
    abortOnError: false,
  });

  await expect(started).rejects.toThrow('TandemModule is imported twice');
});

describe('the database of a host application', () => {
  it('rule 25: keeps its tables, of names that Tandem knows too, and their rows', async () => {
    const dataSource = await new DataSource({
      type: 'better-sqlite3',
      database: `${emptyDirectory()}/shop.db`,
      driver: require('libsql'),
    }).initialize();
    await dataSource.query('CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT UNIQUE)');
    await dataSource.query("INSERT INTO users VALUES ('1', 'a@example.com')");
    await dataSource.query('CREATE TABLE migrations (id INTEGER, timestamp BIGINT, name TEXT)');
    await dataSource.query("INSERT INTO migrations VALUES (1, 1700000000000, 'OfTheShop')");
    const before = await contentsOf(dataSource);

    const app = await TestApp.start({ adapter: 'Express', dataSource });
    await app.logIn();

    expect(await contentsOf(dataSource)).toEqual(before);
    const counted = 'SELECT COUNT(*) AS count FROM tandem_';
    for (const [table, count] of Object.entries({
      users: 1,
      migrations: SCHEMA.migrations.length,
    })) {
      expect(await dataSource.query(counted + table)).toEqual([{ count }]);
    }
    await app.close();
    await dataSource.destroy();
  });
});

const statusOf = async (client: Client, token: string) =>
  (await client.get('/shop/orders', { token })).status;

/** Of an answer, without the line that tells the time. */
async function bytesOf(nest: INestApplication, text: string): Promise<string> {
  const socket = open(await nest.getUrl());
  socket.write(text);
  return (await textOf(socket)).replace(/^date: .*\r\n/im, '');
}
