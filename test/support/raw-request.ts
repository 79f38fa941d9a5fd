import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  status: number;
  /** In lower case. */
  head: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- specs look into bodies freely
  body: any;
}

/** Sends bytes that no HTTP client would, and reads the answer until the server closes the connection. */
export async function rawRequest(baseUrl: string, bytes: string): Promise<RawAnswer> {
  const socket = open(baseUrl);
  socket.write(bytes);
  return parseAnswer(await textOf(socket));
}

/** A connection on which nothing has been sent. */
export function open(baseUrl: string): Socket {
  const { hostname, port } = new URL(baseUrl);
  return connect(Number(port), hostname);
}

/** What arrives until the server closes the connection, or resets it because it has not read everything. */
export async function textOf(socket: Socket): Promise<string> {
  let received = '';
  socket.setEncoding('latin1').on('data', (part: string) => (received += part));
  socket.on('error', () => undefined);
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  return received;
}

export function parseAnswer(bytes: string): RawAnswer {
  const [head = '', body = ''] = bytes.split('\r\n\r\n');
  const [, status] = head.split(' ');
  return { status: Number(status), head: head.toLowerCase(), body: body && JSON.parse(body) };
}

/** Begins a request whose body never ends, and hangs up once the server has the headers. */
export async function abandonRequest(baseUrl: string, path: string): Promise<void> {
  const socket = open(baseUrl);
  socket.write(
    [
      `POST ${path} HTTP/1.1`,
      'Host: tandem',
      'Content-Type: application/json',
      'Content-Length: 100',
      'Expect: 100-continue',
      '',
      '{"mobile":',
    ].join('\r\n'),
  );
  await once(socket, 'data');
  socket.resetAndDestroy();
}
