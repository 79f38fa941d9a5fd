import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { decodeJwt } from '../support/jwt';
import { type LogLine, logLines, logOutput } from '../support/log-lines';
import { randomMobile } from '../support/mobile';
import { rawRequest } from '../support/raw-request';
import { expectRefusal } from '../support/refusal';
import { signUp, spreadSecrets } from '../support/secrets';
import { emptyDirectory, ServerProcess } from '../support/server-process';
import { freePort } from '../support/servers/free-port';
import { runSql } from '../support/sqlite';
import { until } from '../support/until';

const LOGINS = 20;

const REFUSED: Record<string, (server: ServerProcess) => Promise<Pick<Answer, 'status' | 'body'>>> =
  {
    'a route that does not exist': (server) => server.get('/nowhere'),
    'a path that cannot be decoded': (server) => server.get('/%ff'),
    'a malformed body': (server) => server.post('/auth/codes', '{'),
    'a wrong type': (server) => server.post('/auth/codes', { mobile: 1 }),
    'a missing token': (server) => server.get('/users/me'),
    'a wrong code': (server) =>
      server.post('/auth/tokens', { mobile: randomMobile(), code: '000000' }, fromNewAddress()),
    'headers that are too large': (server) =>
      server.get('/health/live', { headers: { 'x-large': 'a'.repeat(20_000) } }),
    'bytes that are not HTTP': (server) => rawRequest(server.baseUrl, 'BREW / HTTP/1.1\r\n\r\n'),
  };

describe('the log', () => {
  const DATA_DIR = emptyDirectory();
  let server: ServerProcess;

  beforeAll(async () => {
    server = await ServerProcess.start({
      DATA_DIR,
      LOG_LEVEL: 'trace',
      SMS_PROVIDERS: 'webhook,log',
      SMS_WEBHOOK_URL: `http://127.0.0.1:${await freePort()}`,
      SMS_WEBHOOK_SECRET: 'the key of a webhook that is away',
      TRUST_PROXY: '1',
    });
  });
  afterAll(() => server.stop('SIGKILL'));

  /** The lines about a request, once its end is logged. */
  async function linesOf(requestId: string): Promise<LogLine[]> {
    const lines = () => logLines(server).filter(({ request_id }) => request_id === requestId);
    await until(() => lines().some(({ msg }) => msg === 'request' || msg === 'refused'));
    return lines();
  }

  /** Makes every use of the profiles fail with an error that nobody foresaw. */
  async function withoutProfiles(work: () => Promise<void>): Promise<void> {
    runSql(DATA_DIR, 'ALTER TABLE user_profiles RENAME TO away');
    await work().finally(() => runSql(DATA_DIR, 'ALTER TABLE away RENAME TO user_profiles'));
  }

  it.each(Object.entries(REFUSED))('names the request when it refuses %s', async (_, send) => {
    const { status, body } = await send(server);

    const line = (await linesOf(body.request_id)).at(-1);
    expect(body.statusCode).toBe(status);
    expect(line).toMatchObject({ level: 'info', status });
    if (line?.msg === 'request') expect(line.error_code).toBe(body.errorCode);
  });

  it('describes a request by its route, never by its path', async () => {
    const { body } = await server.get('/users/me?name=Li');

    expect((await linesOf(body.request_id)).at(-1)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      pid: server.child.pid,
      hostname: expect.any(String),
      request_id: body.request_id,
      method: 'GET',
      route: '/users/me',
      status: 401,
      error_code: 'UNAUTHORIZED',
      ms: expect.any(Number),
      msg: 'request',
    });
  });

  const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('has what the proxy in front calls a request, which the answer tells as well', async () => {
    const sent = { 'x-request-id': 'edge_7f.A-01', traceparent: TRACE };

    const { headers, body } = await server.get('/users/me', { headers: sent });

    expect(body.request_id).not.toBe('edge_7f.A-01');
    expect([headers.get('x-request-id'), headers.get('traceparent')]).toEqual(Object.values(sent));
    expect((await linesOf(body.request_id)).at(-1)).toMatchObject({
      proxy_request_id: 'edge_7f.A-01',
      traceparent: TRACE,
    });
  });

  it.each([
    ['x-request-id', '7 chars'],
    ['x-request-id', 'a'.repeat(65)],
    ['x-request-id', 'a b c d e f'],
    ['x-request-id', '"};alert(1)'],
    ['x-request-id', 'first-one-of-two, second-of-two'],
    ['traceparent', TRACE.toUpperCase()],
    ['traceparent', `ff${TRACE.slice(2)}`],
    ['traceparent', TRACE.replace(/[1-9a-f]/g, '0')],
    ['traceparent', `${TRACE}-00`],
  ])('leaves out the %s %s, which is not well-formed', async (name, value) => {
    const { headers, body } = await server.get('/users/me', { headers: { [name]: value } });

    expect(headers.get(name)).toBeNull();
    const line = (await linesOf(body.request_id)).at(-1)!;
    expect([line.proxy_request_id, line.traceparent]).toEqual([undefined, undefined]);
  });

  it('says whose token opened a route, and why the request was refused all the same', async () => {
    const { token } = await signUp(server);
    const { sub, sid } = decodeJwt(token).claims;

    const { body } = await server.delete('/auth/sessions/1', { token });

    expect((await linesOf(body.request_id)).at(-1)).toMatchObject({
      user_id: sub,
      session_id: sid,
      status: 404,
      error_code: 'NOT_FOUND',
    });
  });

  it('tells what went wrong, to the operator alone', async () => {
    const { token } = await signUp(server);

    await withoutProfiles(async () => {
      const answer = await server.get('/users/me', { token });

      expectRefusal(answer, 'INTERNAL');
      const [line] = await linesOf(answer.body.request_id);
      expect(line).toMatchObject({ level: 'error', err: { reason: 'SQLITE_ERROR' } });
      expect(JSON.stringify(line)).toContain('user_profiles');
      expect(JSON.stringify(answer.body)).not.toMatch(/sql|user_profiles/i);
    });
  });

  it(`rule 16: holds no token, code, password or number after ${LOGINS} logins`, async () => {
    const secrets = await spreadSecrets(server, LOGINS);
    const { token } = await signUp(server);
    await withoutProfiles(async () => {
      const introduction = secrets.all.slice(0, 5).join(' ');
      const { body } = await server.patch('/users/me', { introduction }, { token });
      expect(await linesOf(body.request_id)).toHaveLength(2);
    });

    const output = logOutput(server).join('\n');

    expect(secrets.leaks(output)).toEqual([]);
    expect(output).toContain('SMS provider failed: webhook');
    expect(output).toContain('HPE_HEADER_OVERFLOW');
  });

  it('is a line of JSON for every event', () => {
    const lines = logLines(server);

    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      expect(line).toMatchObject({
        level: expect.stringMatching(/^(trace|debug|info|warn|error)$/),
        time: expect.any(String),
        msg: expect.any(String),
      });
    }
  });
});
