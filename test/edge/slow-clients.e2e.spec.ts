import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { TIMEOUTS_MS } from '../../src/http/http-server';
import { scrape, valueOf } from '../support/prometheus';
import { open, parseAnswer, rawRequest, textOf } from '../support/raw-request';
import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

/** Milliseconds: as short as a busy machine allows, since the others are waited for. */
Object.assign(TIMEOUTS_MS, { headers: 1000, request: 1500, answer: 2000, check: 50 });
const MAX_CONNECTIONS = 220;
const DROPPED = 'tandem_connections_dropped_total';

const HEADERS = 'GET /users/me HTTP/1.1\r\nHost: a\r\n';
const BODY =
  'POST /auth/codes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{';
const FILE = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n';

describe('clients that are slow', () => {
  let app: TestApp;
  let server: Server;
  let crowd: Socket[] = [];

  beforeAll(async () => {
    app = await TestApp.start({ env: { MAX_CONNECTIONS: String(MAX_CONNECTIONS) } });
    server = app.nest.getHttpServer();
  });
  afterEach(() => Promise.all(crowd.splice(0).map(hangUp)));
  afterAll(() => app.close());

  /** Sends the beginning, and then a byte now and then. */
  function dribble(beginning: string): Socket {
    const socket = open(app.baseUrl);
    socket.on('error', () => undefined).write(beginning);
    const byte = setInterval(() => socket.write('a'), 100);
    socket.once('close', () => clearInterval(byte));
    crowd.push(socket);
    return socket;
  }

  /** Whether a client with a connection of its own gets an answer. */
  async function isServed(): Promise<boolean> {
    const bytes = 'GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    return (await rawRequest(app.baseUrl, bytes)).status === 200;
  }

  it.each([
    ['headers', HEADERS],
    ['bodies', BODY],
  ])(
    'are refused with 408 and lose their connection when their %s come in drops',
    async (_, beginning) => {
      const answer = parseAnswer(await textOf(dribble(beginning)));

      expectRefusal(answer, 'REQUEST_REFUSED', 408);
      expect(answer.head).toContain('connection: close');
    },
  );

  it('lose a connection on which they say nothing', async () => {
    expectRefusal(parseAnswer(await textOf(open(app.baseUrl))), 'REQUEST_REFUSED', 408);
  });

  it('lose a connection on which they do not read their answers', async () => {
    const accepted = once(server, 'connection');
    const client = open(app.baseUrl);
    crowd.push(client);
    client.on('error', () => undefined).write(FILE.repeat(20));

    const [socket] = (await accepted) as [Socket];
    await once(socket, 'close');

    expect(socket.bytesWritten).toBeGreaterThan(0);
    expect(client.destroyed).toBe(false);
  });

  it('keep nobody waiting while there is room for more connections', async () => {
    Array.from({ length: 200 }, (_, index) => dribble(index % 2 ? HEADERS : BODY));
    await until(async () => (await connections(server)) >= 200);

    expect(await isServed()).toBe(true);
    expect(await connections(server)).toBeGreaterThanOrEqual(200);
  });

  it('are dropped above the highest number, counted, and shut others out only until they are late', async () => {
    const before = valueOf(await scrape(app), DROPPED);
    const all = Array.from({ length: MAX_CONNECTIONS + 60 }, () => dribble(HEADERS));
    const unheard = all.map(async (socket) => (await textOf(socket)) === '');

    await until(isServed);

    const dropped = (await Promise.all(unheard)).filter(Boolean).length;
    expect(dropped).toBeGreaterThanOrEqual(60);
    expect(valueOf(await scrape(app), DROPPED) - before).toBeGreaterThanOrEqual(dropped);
  });

  it('give way to a new client when they only keep their connection', async () => {
    const idle = Array.from({ length: MAX_CONNECTIONS }, async () => {
      const socket = open(app.baseUrl).on('error', () => undefined);
      crowd.push(socket);
      socket.write('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n');
      await once(socket, 'data');
    });
    await Promise.allSettled(idle);

    await until(isServed);
  });
});

async function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

async function hangUp(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  socket.destroy();
  await once(socket, 'close');
}
