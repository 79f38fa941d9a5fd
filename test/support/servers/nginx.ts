import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { makeCertificate } from '../certificate';
import { freePort } from './free-port';
import { newDataDirectory, type PrivateServer, supervise } from './private-server';

const SHIPPED = resolve(__dirname, '../../../ops/nginx.conf');
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

export interface NginxAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * An nginx with the configuration that we ship, in front of the nodes on two ports: only addresses, ports and
 * certificates are replaced. `check` parses the configuration, and throws what nginx says against it.
 */
export async function startNginx(nodes: readonly [number, number]) {
  const [port, plainPort] = [await freePort(), await freePort()];
  const directory = newDataDirectory('nginx');
  const file = join(directory, 'nginx.conf');
  writeFileSync(join(directory, 'tandem.conf'), localised({ port, plainPort, nodes }));
  writeFileSync(file, mainConfiguration(directory));
  const server = await supervise({
    url: `https://127.0.0.1:${port}`,
    port,
    dataDirectory: directory,
    command: () => ['nginx', '-c', file],
    isUp: () => accepts(port),
  });
  return Object.assign(server, {
    check: () => execFileSync('nginx', ['-t', '-c', file], { stdio: 'pipe' }),
  });
}

/** Asks it as a client would that trusts its certificate. */
export async function askNginx(
  { port }: PrivateServer,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<NginxAnswer> {
  const options = { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false };
  const sent = request(options).end(body);
  const [answer] = await once(sent, 'response');
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
}

interface Places {
  port: number;
  plainPort: number;
  nodes: readonly [number, number];
}

function localised({ port, plainPort, nodes }: Places): string {
  const { key, certificate } = makeCertificate('auth.example.com');
  return readFileSync(SHIPPED, 'utf8')
    .replaceAll(/^ *listen \[::\].*$/gm, '')
    .replace('listen 80;', `listen 127.0.0.1:${plainPort};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replace('10.0.0.11:3000', `127.0.0.1:${nodes[0]}`)
    .replace('10.0.0.12:3000', `127.0.0.1:${nodes[1]}`)
    .replace('/etc/ssl/tandem/fullchain.pem', certificate)
    .replace('/etc/ssl/tandem/privkey.pem', key);
}

/** What a distribution's `nginx.conf` is around ours. */
function mainConfiguration(directory: string): string {
  const paths = TEMPORARY.map((kind) => `${kind}_temp_path ${directory}/${kind};`);
  return `
    daemon off;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    pid ${directory}/nginx.pid;
    error_log ${directory}/error.log;
    events {}
    http { access_log off; ${paths.join(' ')} include ${directory}/tandem.conf; }`;
}

async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
