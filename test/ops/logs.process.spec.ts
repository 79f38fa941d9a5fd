import { fromNewAddress } from '../support/address';
import { otherThan } from '../support/codes';
import type { Answer } from '../support/client';
import { decodeJwt } from '../support/jwt';
import { type LogLine, logLines, logOutput, printedCode } from '../support/log-lines';
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

  /** What a visitor is told about a code that does not work, and what its line says: `why` does what brings it about. */
  async function invalidCode(
    why: (mobile: string, code: string) => Promise<Record<string, string> | void>,
    mobile = randomMobile(),
  ): Promise<LogLine> {
    const from = fromNewAddress();
    await server.post('/auth/codes', { mobile }, from);
    const code = await printedCode(server, mobile);
    const { code: typed = code, ...handle } = (await why(mobile, code)) ?? {};
    const answer = await server.post('/auth/tokens', { mobile, code: typed, ...handle }, from);

    expectRefusal(answer, 'INVALID_CODE');
    expect(Object.keys(answer.body).toSorted()).toEqual(
      ['error', 'errorCode', 'message', 'request_id', 'statusCode'].toSorted(),
    );
    return (await linesOf(answer.body.request_id)).at(-1)!;
  }

  it.each<[reason: string, why: Parameters<typeof invalidCode>[0]]>([
    ['wrong', async (_, code) => ({ code: otherThan(code) })],
    [
      'expired',
      async () => runSql(DATA_DIR, 'UPDATE challenges SET expires_at = expires_at - 301000'),
    ],
    ['used', async (mobile, code) => void (await server.post('/auth/tokens', { mobile, code }))],
    [
      'lane_exhausted',
      async (mobile, code) => {
        const { body } = await server.post('/auth/codes', { mobile }, fromNewAddress());
        const handle = { challenge: body.challenge };
        for (let i = 1; i <= 3; i++) {
          await server.post('/auth/tokens', { mobile, code: otherThan(code, i), ...handle });
        }
        return handle;
      },
    ],
    [
      'other_number',
      async (_, code) => {
        const { body } = await server.post(
          '/auth/codes',
          { mobile: randomMobile() },
          fromNewAddress(),
        );
        return { code: otherThan(code), challenge: body.challenge };
      },
    ],
  ])('says that a code was %s, which the answer does not', async (reason, why) => {
    const line = await invalidCode(why);

    expect(line).toMatchObject({
      error_code: 'INVALID_CODE',
      reason,
      number_ref: expect.stringMatching(/^[\w-]{43}$/),
      network: expect.stringMatching(/\/24$/),
    });
  });

  it('says that a code was never_sent, which limit was used up, and who logged in', async () => {
    const [mobile, from] = [randomMobile(), fromNewAddress()];
    const stray = await server.post('/auth/tokens', { mobile, code: '000000' }, from);
    await server.post('/auth/codes', { mobile }, from);
    const limited = await server.post('/auth/codes', { mobile }, from);
    const code = await printedCode(server, mobile);
    const { body: pair } = await server.post('/auth/tokens', { mobile, code }, from);
    const { sub, sid } = decodeJwt(pair.token).claims;

    const [strayLine] = await linesOf(stray.body.request_id);
    const [limitedLine] = await linesOf(limited.body.request_id);
    const { number_ref } = strayLine!;
    expect(strayLine).toMatchObject({ reason: 'never_sent' });
    expect(limitedLine).toMatchObject({
      error_code: 'TOO_MANY_REQUESTS',
      limit: 'number',
      number_ref,
    });
    await until(() => logLines(server).some(({ session_id }) => session_id === sid));
    const login = logLines(server).find(({ session_id }) => session_id === sid);
    expect(login).toMatchObject({ status: 201, user_id: sub, number_ref });
  });

  it('names the request that a provider failed for', async () => {
    const [mobile, from] = [randomMobile(), fromNewAddress()];
    await server.post('/auth/codes', { mobile }, from);
    await until(() => logLines(server).some(({ msg }) => msg === 'SMS provider failed: webhook'));

    const failed = logLines(server).findLast(({ msg }) => msg.startsWith('SMS provider failed'))!;
    const line = (await linesOf(failed.request_id!)).at(-1);
    expect(line).toMatchObject({ msg: 'request', route: '/auth/codes' });
  });

  it('leaves out the requests that only read, and were answered at once', async () => {
    const { token } = await signUp(server);

    const { body } = await server.get('/users/me', { token });
    await server.get('/health/live');
    const refused = await server.get('/users/me');

    await linesOf(refused.body.request_id);
    const read = logLines(server).filter(
      ({ status, method }) => status === 200 && method === 'GET',
    );
    expect(read).toEqual([]);
    const ofUser = logLines(server).filter(({ user_id }) => user_id === body.id);
    expect(ofUser.map(({ route }) => route)).toEqual(['/auth/tokens']);
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
