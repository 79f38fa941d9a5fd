import { resolve } from 'node:path';
import { runCli } from '../support/cli';
import { type Meddling, Proxy } from '../support/proxy';
import { ServerProcess } from '../support/server-process';
import { freePort } from '../support/servers/free-port';
import { TestApp } from '../support/test-app';

const TWO_FAMILIES = {
  NODE_OPTIONS: `--require=${resolve(__dirname, '../support/two-families.js')}`,
};
/** Each costs the server an argon2. */
const FEW_GUESSES = 'passwords-per-address=6/10m';
/** As the proxy sees it. */
const CLIENT = '203.0.113.9';

interface Report {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  /** `ok: …`, `warning: …` or `problem: …` by the name of the check. */
  findings: Map<string, string>;
}

async function doctor(url: string, env: Record<string, string> = {}): Promise<Report> {
  const result = await runCli(['doctor', url], env);
  const lines = result.stdout.matchAll(/^(ok|warning|problem) +(\S+(?: \S+)*) {2,}(.+)$/gm);
  const findings = [...lines].map(
    ([, status, name, text]) => [name!, `${status}: ${text}`] as const,
  );
  return { ...result, findings: new Map(findings) };
}

const namesOf = ({ findings }: Report, status: string) =>
  [...findings].filter(([, finding]) => finding.startsWith(status)).map(([name]) => name);

const at = (path: string, answer: { status: number; text?: string } | 'cut'): Meddling => ({
  instead: ({ url }) => (url === path ? answer : undefined),
});

describe('tandem doctor', () => {
  let server: ServerProcess | TestApp;
  let proxy: Proxy | undefined;

  afterEach(async () => {
    await proxy?.close();
    proxy = undefined;
  });

  /** The report on the server behind a proxy. */
  async function doctorThrough(meddling: Meddling, env?: Record<string, string>): Promise<Report> {
    proxy = await Proxy.before(server.baseUrl, meddling);
    const host = env ? 'auth.test' : '127.0.0.1';
    return doctor(`http://${host}:${proxy.port}`, env);
  }

  describe('on a server that is as it should be', () => {
    let built: ServerProcess;

    beforeAll(async () => {
      server = built = await ServerProcess.start({ LOG_LEVEL: 'info' });
    });
    afterAll(() => built.stop('SIGKILL'));

    it('finds nothing but metrics that everyone may read, and says beforehand what it costs', async () => {
      const report = await doctor(server.baseUrl);

      expect(report).toMatchObject({ exitCode: 0, stderr: '' });
      expect(namesOf(report, 'problem')).toEqual([]);
      expect(namesOf(report, 'warning')).toEqual(['metrics']);
      expect(report.findings.get('forged addresses')).toMatch(
        /^ok: 5\d guesses and \d+ with forged addresses were counted as one client\.$/,
      );
      const notice = report.stdout.slice(0, report.stdout.indexOf('\nok'));
      expect(notice).toMatch(/no one logs in with a password from here for\s+ten minutes/);
      expect(report.stdout).toMatch(/\n\d+ checked: 0 problems, 1 warning\.\n$/);
    });

    it('asks for no SMS and opens no session', async () => {
      await doctor(server.baseUrl);

      const requests = built.output.map((line) => JSON.parse(line)).filter(({ route }) => route);
      const written = requests.filter(
        ({ method }) => !['GET', 'OPTIONS', 'TRACE'].includes(method),
      );
      expect(
        new Set(written.map(({ method, route, status }) => `${method} ${route} ${status}`)),
      ).toEqual(new Set(['POST /auth/login 400', 'POST /auth/login 429', 'POST /auth/tokens 400']));
    });

    it.each<[name: string, finding: string, Meddling]>([
      ['liveness', 'warning: /health/live answers 404', at('/health/live', { status: 404 })],
      ['readiness', 'problem: /health/ready answers 503.', at('/health/ready', { status: 503 })],
      [
        'readiness',
        'warning: In service without Redis',
        at('/health/ready', { status: 200, text: '{"status":"ok","redis":"down"}' }),
      ],
      [
        'clock',
        // 120 s and some, by how long the answer is under way.
        'warning: 12',
        { outbound: (headers) => (headers.date = new Date(Date.now() - 126_000).toUTCString()) },
      ],
      [
        'guard',
        'problem: GET /users/me without a token: has no WWW-Authenticate: Bearer',
        { outbound: (headers) => delete headers['www-authenticate'] },
      ],
      [
        'unknown routes',
        'problem: An unknown route: answers 200, has no statusCode',
        { instead: ({ url }) => (/^\/[\w-]{36}$/.test(url!) ? { status: 200 } : undefined) },
      ],
      [
        'caching',
        'problem: Answers without Cache-Control: no-store: POST /auth/tokens',
        {
          outbound: (headers, { method }) => {
            if (method === 'POST') headers['cache-control'] = 'public';
          },
        },
      ],
      [
        'TRACE',
        'problem: Answered',
        { instead: ({ method }) => (method === 'TRACE' ? { status: 200 } : undefined) },
      ],
      [
        'foreign origins',
        'problem: Pages of any origin may call',
        {
          outbound: (headers, asked) => {
            headers['access-control-allow-origin'] = asked.headers.origin ?? 'none';
          },
        },
      ],
      [
        'browser headers',
        'warning: The proxy takes X-Content-Type-Options out of answers.',
        { outbound: (headers) => delete headers['x-content-type-options'] },
      ],
      [
        'key set',
        'problem: /.well-known/jwks.json shows private keys: d',
        at('/.well-known/jwks.json', { status: 200, text: '{"keys":[{"kty":"EC","d":"…"}]}' }),
      ],
      [
        'software',
        'warning: Answers have X-Powered-By: PHP',
        { outbound: (headers) => (headers['x-powered-by'] = 'PHP') },
      ],
      ['docs', 'problem: Not to be told: the connection was cut.', at('/docs', 'cut')],
      [
        'forged addresses',
        'problem: Not to be told: POST /auth/login answers 502.',
        at('/auth/login', { status: 502 }),
      ],
    ])('tells of %s: %s', async (name, finding, meddling) => {
      const { exitCode, findings } = await doctorThrough(meddling);

      expect(findings.get(name)?.slice(0, finding.length)).toBe(finding);
      expect(exitCode).toBe(finding.startsWith('problem') ? 1 : 0);
      expect([...findings.keys()].at(-1)).toBe('forged addresses');
    });

    it('tells of a proxy that the server takes for all its clients, and of http', async () => {
      const { exitCode, findings } = await doctorThrough({}, TWO_FAMILIES);

      expect(exitCode).toBe(1);
      expect(findings.get('forged addresses')).toMatch(/^ok/);
      expect(findings.get('shared address')).toMatch(
        /^problem: .* Name the proxy in TRUST_PROXY\.$/,
      );
      expect(findings.get('encryption')).toMatch(/^problem: http/);
    });
  });

  describe('on the address of clients', () => {
    let app: TestApp;

    const start = async (env: Record<string, string>) => {
      server = app = await TestApp.start({ env });
    };
    afterEach(() => app.close());

    it.each([
      ['ok', '192.0.2.0/24'],
      ['problem', '1'],
      ['problem', '10.0.0.0/8,127.0.0.1'],
    ])('reports %s with TRUST_PROXY=%s and no proxy', async (status, TRUST_PROXY) => {
      await start({ TRUST_PROXY, LIMITS: FEW_GUESSES });

      const { exitCode, findings } = await doctor(server.baseUrl);

      expect(exitCode).toBe(status === 'problem' ? 1 : 0);
      const finding = findings.get('forged addresses')!;
      expect(finding.startsWith(status)).toBe(true);
      if (status === 'problem')
        expect(finding).toMatch(/by X-Forwarded-For\. TRUST_PROXY must name/);
    });

    it('reports a problem where no limit holds', async () => {
      await start({ LIMITS: 'passwords-per-address=1000/10m' });

      const { exitCode, findings } = await doctor(server.baseUrl);

      expect(findings.get('forged addresses')).toMatch(
        /^problem: No limit holds for our address\./,
      );
      expect(exitCode).toBe(1);
    });
  });

  describe('on the address of clients behind a proxy', () => {
    let app: TestApp;

    beforeEach(async () => {
      server = app = await TestApp.start({ env: { TRUST_PROXY: '1', LIMITS: FEW_GUESSES } });
    });
    afterEach(() => app.close());

    it.each<[header: string, how: string, NonNullable<Meddling['inbound']>]>([
      ['', 'adds the client', (headers) => append(headers, CLIENT)],
      ['X-Forwarded-For', 'lets pass what clients send', () => undefined],
      [
        'X-Real-IP',
        'copies another header',
        (headers) => append(headers, String(headers['x-real-ip'] ?? CLIENT)),
      ],
      [
        'Connection',
        'drops its own word of the client',
        (headers) => {
          append(headers, CLIENT);
          if (/forwarded/i.test(String(headers.connection))) delete headers['x-forwarded-for'];
        },
      ],
    ])('names "%s" when the proxy %s', async (header, _, inbound) => {
      const { findings } = await doctorThrough({ inbound });

      const [, named = ''] = /count, by (\S+)\./.exec(findings.get('forged addresses')!) ?? [];
      expect(named).toBe(header);
    });
  });

  it('says so and fails where nothing listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { exitCode, stdout } = await doctor(url);
    const { stdout: json } = await runCli(['doctor', url, '--json']);

    expect(exitCode).toBe(1);
    expect(JSON.parse(json)).toMatchObject([{ name: 'reachable', status: 'problem' }]);
    expect(stdout).toMatch(/problem {2}reachable +No answer: nothing listens there\.\n\n1 checked/);
  });

  it('leaves every other server alone', async () => {
    const asked: string[] = [];
    proxy = await Proxy.before('http://127.0.0.1:1', {
      instead: ({ method, url }) => {
        asked.push(`${method} ${url}`);
        return { status: 200, text: '{}' };
      },
    });

    const { exitCode, findings } = await doctor(proxy.url);

    expect(exitCode).toBe(1);
    expect([...findings.keys()]).toEqual(['reachable']);
    expect(asked).toEqual(['GET /users/me']);
  });

  it.each([
    [[]],
    [['auth.example.com']],
    [['ftp://auth.example.com']],
    [['https://user@auth.example.com']],
    [['https://auth.example.com', 'more']],
  ])('says how to call it instead of %j', async (parameters) => {
    const result = await runCli(['doctor', ...parameters]);

    const stderr = expect.stringMatching(/^error: .*\n\nUsage: tandem doctor /);
    expect(result).toEqual({ exitCode: 2, stdout: '', stderr });
  });
});

/** As nginx's `$proxy_add_x_forwarded_for`. */
function append(headers: Parameters<NonNullable<Meddling['inbound']>>[0], address: string): void {
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], address].filter(Boolean).join(', ');
}
