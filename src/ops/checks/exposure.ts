import { randomUUID } from 'node:crypto';
import type { RemoteServer } from './remote-server';
import { ok, problem, problemIfAny, type Verdict, warning } from './verdict';

/** Members of a JWK that only its owner may know (RFC 7518, section 6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** A page that nobody listed, and one without an origin of its own. */
export async function foreignOrigins(server: RemoteServer): Promise<Verdict> {
  for (const origin of [`https://${randomUUID()}.example`, 'null']) {
    const preflight = { origin, 'access-control-request-method': 'PUT' };
    const answers = [
      await server.get('/users/me', { origin }),
      await server.send('OPTIONS', '/auth/tokens', { headers: preflight }),
    ];
    const allowed = answers.map(({ headers }) => headers['access-control-allow-origin']);
    if (allowed.some((value) => value === origin || value === '*')) {
      return problem(
        'Pages of any origin may call: list yours in CORS_ORIGINS, none in the proxy.',
      );
    }
  }
  return ok('Pages of origins that are not listed may not call.');
}

export async function keySet(server: RemoteServer): Promise<Verdict> {
  const path = '/.well-known/jwks.json';
  const { status, body } = await server.get(path);
  if (status !== 200) return problem(`${path} answers ${status}.`);
  if (!Array.isArray(body.keys)) return problem(`${path} is no JWK set.`);
  const keys = body.keys.map((key: unknown) => Object(key) as Record<string, unknown>);
  const leaked = PRIVATE_MEMBERS.filter((member) => keys.some((key) => member in key));
  return problemIfAny(
    `${path} shows private keys`,
    leaked,
    `${path} has ${keys.length} public ${keys.length === 1 ? 'key' : 'keys'}.`,
  );
}

/** Other ways to write it, which a rule of a proxy may miss and a server may not. */
const SPELLINGS = [
  '/metrics?',
  '/metrics#x',
  '/metrics/',
  '//metrics',
  '/%6Detrics',
  '/./metrics',
  '/docs/../metrics',
  '/METRICS',
];

export async function metrics(server: RemoteServer): Promise<Verdict> {
  const { status } = await server.get('/metrics');
  if (await showsMetrics(server, '/metrics')) {
    return warning(
      '/metrics answers everyone: set METRICS_PORT or METRICS_TOKEN, or let the proxy keep it for your monitoring.',
    );
  }
  for (const spelling of SPELLINGS) {
    if (!(await showsMetrics(server, spelling))) continue;
    return problem(
      `/metrics answers ${status}, but ${spelling} answers everyone: set METRICS_PORT or METRICS_TOKEN.`,
    );
  }
  return ok(`/metrics answers ${status}, however it is written.`);
}

async function showsMetrics(server: RemoteServer, path: string): Promise<boolean> {
  const { status, text } = await server.get(path);
  return status === 200 && text.includes('# HELP');
}

/** What it shows is no secret. */
export async function docs(server: RemoteServer): Promise<Verdict> {
  const { status } = await server.get('/docs');
  return ok(status < 400 ? '/docs answers everyone.' : `/docs answers ${status}.`);
}

export async function software(server: RemoteServer): Promise<Verdict> {
  const { headers } = await server.get('/users/me');
  const name = headers['x-powered-by'];
  return name ? warning(`Answers have X-Powered-By: ${String(name)}.`) : ok('Not told.');
}

/** What keeps pages of others from using answers, and browsers from plain http. */
export async function browserHeaders(server: RemoteServer): Promise<Verdict> {
  const { headers } = await server.get('/users/me');
  const isHttps = server.url.protocol === 'https:';
  if (isHttps && !headers['strict-transport-security']) {
    return warning('Answers have no Strict-Transport-Security: PUBLIC_URL must start with https.');
  }
  const missing = ['Content-Security-Policy', 'X-Content-Type-Options'].filter(
    (name) => !headers[name.toLowerCase()],
  );
  return missing.length > 0
    ? warning(`The proxy takes ${missing.join(', ')} out of answers.`)
    : ok('Answers have those that protect them.');
}
