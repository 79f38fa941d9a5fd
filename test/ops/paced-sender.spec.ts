import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from '../../bench/exchange';
import { pace } from '../../bench/pace';

const RIGHT = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHä!\n';
const STALL = 400;

const exchange: Exchange = {
  method: 'POST',
  path: '/',
  headers: {},
  body: '{}',
  accepts: (status, body) => status === 200 && body === 'Hä!\n',
};

describe('the sender of an even rate', () => {
  let server: Server;
  let answer: (socket: Socket, request: string) => unknown;

  beforeEach(async () => {
    server = createServer((socket) => {
      socket.on('data', (bytes) => void answer(socket, String(bytes))).on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  const send = () => {
    const { port } = server.address() as AddressInfo;
    const target = { name: 'a server', url: `http://127.0.0.1:${port}` };
    return pace(target, [exchange], { amount: 200, requestsPerSecond: 500 });
  };

  it('sends all requests, and reads answers that come in pieces', async () => {
    const requests: string[] = [];
    answer = async (socket, request) => {
      requests.push(request);
      const bytes = Buffer.from(RIGHT);
      socket.write(bytes.subarray(0, 25));
      await delay(2);
      socket.write(bytes.subarray(25, -3));
      await delay(2);
      socket.write(bytes.subarray(-3));
    };

    const { p50 } = await send();

    expect(requests).toHaveLength(200);
    expect(p50).toBeGreaterThan(3);
  });

  it('counts the time of every request whose turn came while the server stood still', async () => {
    let stalled: Promise<void> | undefined;
    answer = async (socket) => {
      await (stalled ??= delay(STALL));
      socket.write(RIGHT);
    };

    const { p50, p99 } = await send();

    // The turns of all 200 came in these 400 ms: evenly, so that half of them waited for half of it or more.
    expect(p99).toBeGreaterThan(STALL * 0.9);
    expect(p50).toBeGreaterThan(STALL * 0.4);
  });

  it.each([
    ['a wrong status', (socket: Socket) => socket.write(RIGHT.replace('200', '503')), ': 503'],
    ['a wrong body', (socket: Socket) => socket.write(RIGHT.replace('Hä', 'Hö')), ': 200'],
    ['a connection that breaks', (socket: Socket) => socket.destroy(), ': 0'],
    ['no length', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'), ': 0 cannot read'],
    ['two answers', (socket: Socket) => socket.write(RIGHT + RIGHT), ': 0 cannot read'],
  ])('fails on %s', async (_, given, complaint) => {
    answer = given;

    await expect(send()).rejects.toThrow(`wrong answers:\n  POST /${complaint}`);
  });
});
