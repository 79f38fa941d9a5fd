import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * Sends a GET for each `Authorization` header, byte for byte, all at once and on one connection.
 *
 * @returns the statuses of the answers, in the same order.
 */
export async function pipelined(
  baseUrl: string,
  path: string,
  authorizations: string[],
): Promise<number[]> {
  const { hostname, port, host } = new URL(baseUrl);
  const last = authorizations.length - 1;
  const requests = authorizations.map(
    (authorization, index) =>
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\n` +
      `Connection: ${index === last ? 'close' : 'keep-alive'}\r\n\r\n`,
  );
  const socket = connect(Number(port), hostname);
  socket.write(requests.join(''), 'latin1');
  const answers = await text(socket);
  return [...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}
