import { logLines } from '../support/log-lines';
import { OtlpCollector, type Span } from '../support/otlp-collector';
import { Secrets, signUp } from '../support/secrets';
import { ServerProcess } from '../support/server-process';
import { freePort } from '../support/servers/free-port';
import { freshStores, LAST_MODE } from '../support/stores';
import { until } from '../support/until';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe.each(LAST_MODE)('traces of a server (%s)', (mode) => {
  let collector: OtlpCollector;
  let server: ServerProcess;
  const secrets = new Secrets();
  let exitCode: number | null;
  const workers = mode === 'embedded' ? 1 : 2;

  const within = (parent: Span) =>
    collector.spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
  const answered = (name: string, status: number) =>
    collector
      .named(name)
      .filter(({ attributes }) => attributes['http.response.status_code'] === status);

  beforeAll(async () => {
    collector = await OtlpCollector.start();
    server = await ServerProcess.start({
      ...(await freshStores(mode)),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      // None is sent before the end.
      OTEL_BSP_SCHEDULE_DELAY: '600000',
      ...(workers > 1 && { WORKERS: String(workers) }),
      ACCESS_LOG: 'all',
      SMS_PROVIDERS: 'log',
      TRUST_PROXY: '1',
    });
    if (workers > 1) await server.printed(/All 2 workers are listening/);
    const { mobile, codes, token, refresh_token } = await signUp(server);
    secrets.add(mobile.slice(3), ...codes, token, refresh_token);
    for (const secret of secrets.all) {
      const text = encodeURIComponent(secret);
      await server.get(`/${text}`, { token: secret });
      await server.get(`/users/me?q=${text}`, { token: secret });
    }
    for (const traceparent of [`00-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}`]) {
      await server.post('/auth/login', {}, { headers: { traceparent } });
    }
    await server.untilReady();
    await until(async () => {
      await server.get('/nowhere', { headers: { connection: 'close' } });
      return (
        new Set(logLines(server).flatMap(({ msg, pid }) => (msg === 'request' ? pid : []))).size ===
        workers
      );
    });
    exitCode = await server.stop('SIGTERM');
  });
  afterAll(async () => {
    await server.stop('SIGKILL');
    collector.close();
  });

  it('are sent before it ends, under its name, by each of its workers', () => {
    expect(exitCode).toBe(0);
    expect([...collector.services]).toEqual(['tandem']);
    expect(collector.instances.size).toBe(workers);
    expect(collector.spans.length).toBeGreaterThan(20);
  });

  it('hold what a code and a login took, below their requests', () => {
    const [code] = answered('POST /auth/codes', 202);
    const [login] = answered('POST /auth/tokens', 201);

    expect(code!.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/auth/codes',
      'http.response.status_code': 202,
      'url.scheme': 'http',
      'tandem.request_id': expect.any(String),
    });
    expect(within(code!).map(({ name, attributes }) => ({ name, attributes }))).toContainEqual({
      name: 'sms send',
      attributes: { 'sms.provider': 'log', 'sms.outcome': 'sent' },
    });
    const systems = within(login!).map(({ attributes }) => attributes['db.system.name']);
    expect(new Set(systems)).toEqual(
      new Set(mode === 'embedded' ? ['sqlite'] : ['mysql', 'redis']),
    );
    expect(within(login!).every(({ traceId }) => traceId === login!.traceId)).toBe(true);
  });

  it('have no other beginning than a request', () => {
    const ids = new Set(collector.spans.map(({ spanId }) => spanId));
    const roots = collector.spans.filter(({ parentSpanId }) => !ids.has(parentSpanId));

    expect(roots.filter(({ attributes }) => !attributes['http.request.method'])).toEqual([]);
    expect(collector.spans.filter(({ name }) => name.includes('/health'))).toEqual([]);
  });

  it('stand in the line of their request, and go on where a trusted proxy began them', () => {
    const logins = answered('POST /auth/login', 400);
    const continued = logins.filter(({ parentSpanId }) => parentSpanId !== '');

    expect(continued).toEqual([expect.objectContaining({ traceId: TRACE, parentSpanId: PARENT })]);
    const lines = logLines(server).filter(({ trace_id }) => trace_id === TRACE);
    expect(lines).toEqual([
      expect.objectContaining({ route: '/auth/login', request_id: requestIdOf(continued[0]!) }),
    ]);
  });

  it('rule 16: hold no number, code, token or path', () => {
    const text = JSON.stringify(collector.spans.map(({ name, attributes }) => [name, attributes]));

    expect(secrets.leaks(text)).toEqual([]);
    expect(text).toContain('INVALID_CODE');
  });
});

const requestIdOf = ({ attributes }: Span) => attributes['tandem.request_id'];

describe('a server whose collector is away', () => {
  it('answers, and says so in one line', async () => {
    const server = await ServerProcess.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '100',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
      OTEL_BSP_SCHEDULE_DELAY: '1',
    });
    const answers = async () => (await server.get('/users/me')).status;

    expect(await answers()).toBe(401);
    await server.printed(/Traces are not exported: .*ECONNREFUSED/);
    for (let count = 0; count < 20; count++) expect(await answers()).toBe(401);

    expect(await server.stop('SIGINT')).toBe(0);
    const complaints = server.output.filter((line) => line.includes('Traces are not'));
    expect(complaints).toHaveLength(1);
  });
});
