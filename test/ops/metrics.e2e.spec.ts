import { METHODS } from 'node:http';
import { randomUUID } from 'node:crypto';
import { registerWithPassword } from '../support/credentials';
import { otherThan } from '../support/codes';
import { randomMobile } from '../support/mobile';
import { type Sample, scrape, valueOf } from '../support/prometheus';
import { abandonRequest, rawRequest } from '../support/raw-request';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const LATENCY = 'http_request_duration_seconds';

describe('GET /metrics', () => {
  let app: TestApp;
  let before: Sample[];

  beforeAll(async () => {
    app = await TestApp.start();
  });
  beforeEach(async () => {
    before = await scrape(app);
  });
  afterAll(() => app.close());

  /** How much a sample has grown in this test. */
  const growth = async (name: string, labels: Sample['labels'] = {}) =>
    valueOf(await scrape(app), name, labels) - valueOf(before, name, labels);
  const refused = (error_code: string) => growth('tandem_refusals_total', { error_code });

  it('answers in the text format of Prometheus, with a type for every metric', async () => {
    const { headers, body } = await app.get('/metrics');

    const types = String(body).matchAll(/^# TYPE (\S+) (?:counter|gauge|histogram|summary)$/gm);
    const typed = new Set([...types].map(([, name]) => name));
    const untyped = before.filter(
      ({ name }) => !typed.has(name) && !typed.has(name.replace(/_(bucket|sum|count)$/, '')),
    );
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(typed.size).toBeGreaterThan(10);
    expect(untyped).toEqual([]);
  });

  it('counts logins by method, codes and refreshes', async () => {
    const { refresh_token, credentials } = await registerWithPassword(app);
    const { mobile, code } = await app.requestCode();
    await app.post('/auth/tokens', { mobile, code: otherThan(code) });
    await app.post('/auth/login', credentials);
    await app.post('/auth/login', credentials);
    await app.put('/auth/tokens', undefined, { token: refresh_token });

    expect(await growth('tandem_logins_total', { method: 'code' })).toBe(1);
    expect(await growth('tandem_logins_total', { method: 'password' })).toBe(2);
    expect(await growth('tandem_refreshes_total')).toBe(1);
    expect(await growth('tandem_codes_checked_total', { outcome: 'verified' })).toBe(1);
    expect(await growth('tandem_codes_checked_total', { outcome: 'wrong' })).toBe(1);
    expect(await growth('tandem_codes_sent_total', { provider: 'webhook', outcome: 'sent' })).toBe(
      2,
    );
  });

  it('counts codes that could not be sent', async () => {
    app.inbox.status = 500;
    await app.post('/auth/codes', { mobile: randomMobile() });
    app.inbox.status = 200;

    const failed = { provider: 'webhook', outcome: 'failed' };
    expect(await growth('tandem_codes_sent_total', failed)).toBe(1);
    expect(await refused('UNAVAILABLE')).toBe(1);
  });

  it('counts refusals by errorCode, also those that no route has seen', async () => {
    await app.get('/users/me');
    await app.get('/users/me');
    await app.get('/nowhere');
    await app.post('/auth/codes', {});
    await app.get('/%ff');
    await rawRequest(app.baseUrl, 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n');

    expect(await refused('UNAUTHORIZED')).toBe(2);
    expect(await refused('NOT_FOUND')).toBe(1);
    expect(await refused('VALIDATION_FAILED')).toBe(1);
    expect(await refused('REQUEST_REFUSED')).toBe(2);
  });

  it('does not take a client that hangs up for an outage', async () => {
    await abandonRequest(app.baseUrl, '/auth/codes');

    await until(async () => (await refused('REQUEST_REFUSED')) === 1);
    expect(await refused('UNAVAILABLE')).toBe(0);
  });

  it('measures every request by method, route pattern and status', async () => {
    await app.get('/users/me?page=1');
    await app.get('/users/me?page=2');

    const labels = { method: 'GET', route: '/users/me', status: '401' };
    expect(await growth(`${LATENCY}_count`, labels)).toBe(2);
    expect(await growth(`${LATENCY}_bucket`, { ...labels, le: '+Inf' })).toBe(2);
    expect(await growth(`${LATENCY}_sum`, labels)).toBeGreaterThan(0);
  });

  it('knows one route for all paths that are none, whatever the method', async () => {
    const methods = METHODS.filter((method) => !['CONNECT', 'TRACE'].includes(method));
    const paths = [...Array.from({ length: 50 }, () => `/${randomUUID()}`), '/%ff', '/users/%zz'];

    await Promise.all(paths.map((path, index) => app.send(methods[index % methods.length]!, path)));

    const unmatched = { route: 'unmatched' };
    await until(async () => (await growth(`${LATENCY}_count`, unmatched)) === paths.length);
    const routes = new Set((await scrape(app)).map(({ labels }) => labels.route));
    const known = new Set(before.map(({ labels }) => labels.route));
    expect(routes).toEqual(known.add('/metrics').add('unmatched'));
  });

  it('rule 16: no label holds a number, a code or a token', async () => {
    const { mobile, code, token, refresh_token } = await app.logIn();
    for (const secret of [mobile, code, token, refresh_token]) {
      await app.get(`/${encodeURIComponent(secret)}?q=${encodeURIComponent(secret)}`, { token });
      await app.post(`/auth/tokens`, { mobile, code, [secret]: secret });
    }

    const labels = JSON.stringify((await scrape(app)).map((sample) => sample.labels));

    for (const secret of [mobile.slice(3), code, token, refresh_token]) {
      expect(labels).not.toContain(secret);
    }
  });

  it('measures the process', async () => {
    const names = new Set(before.map(({ name }) => name));

    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(names).toContain(name);
    }
  });
});
