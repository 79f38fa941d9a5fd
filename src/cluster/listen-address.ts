import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from '../common/start-error';
import type { Env } from '../config/env';

/**
 * Whether a server may listen where it is to: asked before anything is loaded or migrated for one that nobody could reach.
 *
 * @throws StartError that says what to change.
 */
export async function checkAddresses({ HOST, PORT, METRICS_PORT }: Env): Promise<void> {
  await checkAddress(HOST, PORT, 'PORT');
  if (METRICS_PORT !== undefined) await checkAddress(HOST, METRICS_PORT, 'METRICS_PORT');
}

/** @param variable the name of what holds the port. */
async function checkAddress(host: string, port: number, variable: string): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen({ host, port, exclusive: true }), 'listening');
    await once(server.close(), 'close');
  } catch (error) {
    throw describe(error as NodeJS.ErrnoException, host, port, variable);
  }
}

function describe(error: NodeJS.ErrnoException, host: string, port: number, variable: string) {
  const sentences: Partial<Record<string, string>> = {
    EADDRINUSE: `${variable}: ${host}:${port} is in use. End the process that listens there, or set ${variable} to another port.`,
    EACCES: `${variable}: ${port} needs a privilege that this process does not have. Set it to a port above 1023.`,
    EADDRNOTAVAIL: `HOST: ${host} is not an address of this machine. ${HOST_ADVICE}`,
  };
  const isUnknown = error.syscall === 'getaddrinfo';
  const sentence = isUnknown
    ? `HOST: ${host} has no address. Some shells set HOST to the name of the machine. ${HOST_ADVICE}`
    : sentences[error.code ?? ''];
  return sentence ? new StartError(sentence, { cause: error }) : error;
}

const HOST_ADVICE =
  'Set it to 127.0.0.1, to 0.0.0.0 for all, or to another address of this machine.';
