import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { ServerProcess } from '../support/server-process';
import { freshStores, MODES, type Mode } from '../support/stores';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { randomMobile } from '../support/mobile';
import { until } from '../support/until';

interface LoadAnswer {
  status: number | undefined;
  /** Whether the server said that the connection ends with this answer. */
  isLast: boolean;
}

async function send(url: string, token: string, agent: Agent | false): Promise<LoadAnswer> {
  const request = get(url, { agent, headers: { authorization: `Bearer ${token}` } });
  const [response] = await once(request, 'response');
  await once(response.resume(), 'end');
  return { status: response.statusCode, isLast: response.headers.connection === 'close' };
}

async function isRefused(server: ServerProcess): Promise<boolean> {
  return send(`${server.baseUrl}/health/live`, '', false).then(
    () => false,
    () => true,
  );
}

const inboxes: SmsInbox[] = [];
afterAll(() => Promise.all(inboxes.map((inbox) => inbox.close())));

async function startAndLogIn(mode: Mode, WORKERS = '1') {
  const inbox = await SmsInbox.open();
  inboxes.push(inbox);
  const env = { ...(await freshStores(mode)), ...smsEnv(inbox), WORKERS, LOG_LEVEL: 'info' };
  const server = await ServerProcess.start(env);
  if (WORKERS !== '1') await server.printed(/workers are listening/);
  const mobile = randomMobile();
  await server.post('/auth/codes', { mobile });
  const login = await server.post('/auth/tokens', { mobile, code: inbox.codeFor(mobile) });
  return { inbox, server, token: login.body.token as string };
}

const SERVERS: [mode: Mode, workers: string][] = MODES.map((mode) => [mode, '1']);
if (MODES.includes('standard')) SERVERS.push(['standard', '2']);

describe.each(SERVERS)('SIGTERM (%s, workers: %s)', (mode, workers) => {
  it('rule 18: drops no request under load', async () => {
    const { server, token } = await startAndLogIn(mode, workers);
    const answers: LoadAnswer[] = [];
    const leaving = new AbortController();
    const request = async (agent: Agent | false) => {
      const answer = await send(`${server.baseUrl}/users/me`, token, agent);
      answers.push(answer);
      return answer;
    };
    const onOneConnection = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (!(await request(agent)).isLast);
    };
    const onNewConnections = async () => {
      while (!leaving.signal.aborted) await request(false);
    };
    const idle = new Agent({ keepAlive: true });
    await request(idle);

    const clients = Array.from({ length: 6 }, () => [onOneConnection(), onNewConnections()]);
    await until(() => answers.length > 100);
    const exitCode = server.stop('SIGTERM');
    await until(async () => (await server.get('/health/ready')).status === 503);
    leaving.abort();
    const late = await request(idle);
    await Promise.all(clients.flat());

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(late.isLast).toBe(true);
    expect(await exitCode).toBe(0);
  });
});

describe('the end of a server', () => {
  it('rule 18: waits for what is under way, but not for a connection that is never used', async () => {
    const { server, inbox } = await startAndLogIn('embedded');
    const silent = connect(Number(new URL(server.baseUrl).port), '127.0.0.1');
    await once(silent, 'connect');
    const release = inbox.hold();
    const underWay = server.post('/auth/codes', { mobile: randomMobile() });
    await until(() => inbox.attempts === 2);

    const exitCode = server.stop('SIGINT');
    await until(() => isRefused(server));
    release();

    expect((await underWay).status).toBe(202);
    expect(await exitCode).toBe(0);
    silent.destroy();
  });
});
