import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  status: number;
  /** In lower case. */
  head: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- specs look into bodies freely
  body: any;
}

/** Sends bytes that no HTTP client would, and reads the answer until the server closes the connection. */
export async function rawRequest(baseUrl: string, bytes: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const [, status] = head.split(' ');
  return { status: Number(status), head: head.toLowerCase(), body: body && JSON.parse(body) };
}

/** Begins a request whose body never ends, and hangs up once the server has the headers. */
export async function abandonRequest(baseUrl: string, path: string): Promise<void> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
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
