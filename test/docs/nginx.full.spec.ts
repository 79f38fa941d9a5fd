import { freePort } from '../support/servers/free-port';
import { isInstalled } from '../support/servers/installed';
import { askNginx, type NginxAnswer, startNginx } from '../support/servers/nginx';
import { randomMobile } from '../support/mobile';
import { ServerProcess } from '../support/server-process';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { freshStores, LAST_MODE } from '../support/stores';
import { until } from '../support/until';

const describeWithNginx = isInstalled('nginx', 'openssl') ? describe : describe.skip;

describeWithNginx.each(LAST_MODE)('ops/nginx.conf in front of two nodes (%s)', (mode) => {
  let env: Record<string, string>;
  let inbox: SmsInbox;
  let nginx: Awaited<ReturnType<typeof startNginx>> | undefined;
  let nodes: ServerProcess[] = [];
  let ports: [number, number];

  const start = (port: number) => ServerProcess.start({ ...env, PORT: String(port) });
  const ask = (...request: [string, string, Record<string, string>?, string?]) =>
    askNginx(nginx!, ...request);

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    env = { ...(await freshStores(mode)), ...smsEnv(inbox), LOG_LEVEL: 'info', TRUST_PROXY: '1' };
    ports = [await freePort(), await freePort()];
    nodes = [await start(ports[0]), await start(ports[1])];
    nginx = await startNginx(ports);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    await nginx?.remove();
    await inbox.close();
  });

  const logIn = async (headers: Record<string, string> = {}) => {
    const json = { ...headers, 'content-type': 'application/json' };
    const mobile = randomMobile();
    await ask('POST', '/auth/codes', json, JSON.stringify({ mobile }));
    const login = JSON.stringify({ mobile, code: inbox.codeFor(mobile) });
    const { token } = JSON.parse((await ask('POST', '/auth/tokens', json, login)).text);
    return { authorization: `Bearer ${token}` };
  };

  it('is what nginx -t takes', () => {
    expect(() => nginx!.check()).not.toThrow();
  });

  it('tells the address of the client, whatever the client says of it', async () => {
    const bearer = await logIn({ 'x-forwarded-for': '203.0.113.9' });

    const sessions = await ask('GET', '/auth/sessions', bearer);

    expect(JSON.parse(sessions.text)).toMatchObject([{ network: '127.0.0.0/24' }]);
  });

  it('keeps the metrics to the inside', async () => {
    expect(await ask('GET', '/metrics')).toMatchObject({ status: 404 });
  });

  it('a rolling restart under load is answered like any other minute', async () => {
    const bearer = await logIn();
    const answers: NginxAnswer[] = [];
    const restarted = new AbortController();
    const client = async () => {
      while (!restarted.signal.aborted) answers.push(await ask('GET', '/users/me', bearer));
    };
    const clients = Array.from({ length: 4 }, client);
    await until(() => answers.length > 100);

    for (const [index, port] of ports.entries()) {
      await nodes[index]!.stop('SIGTERM');
      const seen = answers.length;
      await until(() => answers.length > seen + 100);
      nodes[index] = await start(port);
    }
    restarted.abort();
    await Promise.all(clients);

    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  }, 120_000);

  it('without any node answers an outage as Tandem does', async () => {
    for (const node of nodes) await node.stop('SIGKILL');

    const { status, headers, text } = await ask('GET', '/users/me');

    expect(JSON.parse(text)).toMatchObject({ statusCode: status, errorCode: 'UNAVAILABLE' });
    expect(status).toBe(503);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'retry-after': '5',
    });
  });
});
