import { Agent, get } from 'node:http';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { generateJwk, writeKeys } from '../support/jwk';
import { type LogLine, logLines } from '../support/log-lines';
import { randomMobile } from '../support/mobile';
import { scrape, valueOf } from '../support/prometheus';
import { open, textOf } from '../support/raw-request';
import { emptyDirectory, ServerProcess } from '../support/server-process';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { describeStandard, freshStores } from '../support/stores';
import { until } from '../support/until';

const FIRST_ID = 1022;
/** Of one worker. */
const MAX_CONNECTIONS = 40;
/** Every request on its own connection, which the next worker gets. */
const APART = { headers: { connection: 'close' } };

const pidsOf = (found: LogLine[]) => [...new Set(found.map(({ pid }) => Number(pid)))];
const workerIdOf = (id: string) => Number((BigInt(id) >> 12n) & 1023n);

describeStandard('two workers', () => {
  const [OLD, NEW] = [generateJwk(), generateJwk()];
  const keys = writeKeys([OLD]);
  let inbox: SmsInbox;
  let server: ServerProcess;

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    // A fresh database, and no JWT_SECRET: the first start generates one.
    server = await ServerProcess.start({
      ACCESS_LOG: 'all',
      ...(await freshStores('standard')),
      ...smsEnv(inbox),
      LOG_LEVEL: 'info',
      JWT_KEYS_FILE: keys,
      MAX_CONNECTIONS: String(MAX_CONNECTIONS),
      WORKERS: '2',
      WORKER_ID: String(FIRST_ID),
    });
    await server.printed(/All 2 workers are listening/);
  });
  afterAll(async () => {
    await server.stop('SIGKILL');
    await inbox.close();
  });

  const lines = (msg: string | RegExp) => logLines(server).filter((line) => line.msg.match(msg));
  /** In the order of their start. */
  const workers = () => pidsOf(lines(/^Server listening at/));
  const deaths = () => lines('Worker exited: restarting');
  const living = () => workers().filter(isAlive);

  const logIn = async () => {
    const mobile = randomMobile();
    await server.post('/auth/codes', { mobile }, APART);
    const code = inbox.codeFor(mobile);
    const { body } = await server.post('/auth/tokens', { mobile, code }, APART);
    const me = await server.get('/users/me', { ...APART, token: body.token });
    return { token: body.token as string, id: me.body.id as string };
  };
  const statuses = (count: number, token: string) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        return (await server.get('/users/me', { ...APART, token })).status;
      }),
    );
  /** Those who have logged that they answered. */
  const serving = () =>
    new Set(pidsOf(lines('request').filter(({ route }) => route === '/users/me')));
  /** The worker ids in the ids of new users, once there are two. */
  const idsInUse = async () => {
    const ids = new Set<number>();
    await until(async () => ids.add(workerIdOf((await logIn()).id)).size === 2);
    return [...ids].toSorted((a, b) => a - b);
  };

  it('serve on one port, and take each other’s tokens', async () => {
    const { token } = await logIn();

    expect(new Set(await statuses(20, token))).toEqual(new Set([200]));

    await until(() => serving().size === 2);
    expect(serving()).toEqual(new Set(workers()));
    expect(workers()).toHaveLength(2);
    expect(workers()).not.toContain(server.child.pid);
  });

  it('rule 14: have ids of their own, from WORKER_ID on', async () => {
    expect(await idsInUse()).toEqual([FIRST_ID, FIRST_ID + 1]);
  });

  it('rule 10: refuse, both of them, a token that logged out on one', async () => {
    const { token } = await logIn();

    await server.delete('/auth/tokens', { ...APART, token });

    // Twice what is promised, because tests share the processors.
    await until(async () => (await statuses(6, token)).every((status) => status === 401));
  });

  it('answer for each other at /metrics', async () => {
    const guarded = { route: '/users/me', status: '401' };
    const count = async () =>
      valueOf(await scrape(server), 'http_request_duration_seconds_count', guarded);
    const before = await count();

    await statuses(10, 'none');

    await until(async () => (await count()) === before + 10);
    const samples = await scrape(server);
    const skews = samples.filter(({ name }) => name === 'tandem_clock_skew_seconds');
    expect(skews).toHaveLength(1);
    expect(valueOf(samples, 'nodejs_version_info')).toBe(1);
    const texts = await Promise.all([1, 2, 3, 4].map(() => server.get('/metrics', APART)));
    expect(texts.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('answer 503 at /metrics while one hangs, rather than numbers that go back', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (path: string) => {
      const [response] = await once(get(server.baseUrl + path, { agent }), 'response');
      return { status: response.statusCode, body: await text(response) };
    };
    const { request_id: id } = JSON.parse((await ask('/nowhere')).body);
    await server.printed(new RegExp(id));
    const { pid } = logLines(server).find(({ request_id }) => request_id === id)!;
    const other = workers().find((worker) => worker !== pid)!;

    process.kill(other, 'SIGSTOP');
    const during = await ask('/metrics').finally(() => process.kill(other, 'SIGCONT'));

    expect([during.status, (await ask('/metrics')).status]).toEqual([503, 200]);
    agent.destroy();
  });

  it('read their keys again when the first process gets SIGHUP', async () => {
    writeKeys([NEW, OLD], keys);

    server.child.kill('SIGHUP');

    const reloaded = () => pidsOf(lines(`JWT_KEYS_FILE reloaded: key ${NEW.kid} signs`));
    await until(() => reloaded().length === 2);
    expect(new Set(reloaded())).toEqual(new Set(workers()));
  });

  it('close the connections that are too many for all of them', async () => {
    let unheard = 0;
    const crowd: Socket[] = Array.from({ length: 2 * MAX_CONNECTIONS + 20 }, () => {
      const socket = open(server.baseUrl).on('error', () => undefined);
      void textOf(socket).then((heard) => (unheard += heard === '' ? 1 : 0));
      return socket;
    });

    await until(() => unheard >= 20);
    crowd.forEach((socket) => socket.destroy());

    await until(async () => (await server.get('/health/live', APART).catch(() => null)) !== null);
  });

  it('are replaced when they die, after a growing pause, and serve meanwhile', async () => {
    const { token } = await logIn();

    process.kill(living()[0]!, 'SIGKILL');
    await until(() => deaths().length === 1);
    const meanwhile = await statuses(20, token);
    await until(() => living().length === 2);
    const afterwards = await statuses(20, token);

    expect(new Set([...meanwhile, ...afterwards])).toEqual(new Set([200]));
    expect(await idsInUse()).toEqual([FIRST_ID, FIRST_ID + 1]);

    process.kill(living()[1]!, 'SIGKILL');
    await until(() => deaths().length === 2);
    const [first, second] = deaths();
    expect(second).toMatchObject({ worker_id: first!.worker_id, signal: 'SIGKILL' });
    expect(Number(second!.ms)).toBeGreaterThan(Number(first!.ms));
  });

  it('end when the first process is killed, and answer what is under way', async () => {
    const release = inbox.hold();
    const attempts = inbox.attempts;
    const underWay = server.post('/auth/codes', { mobile: randomMobile() }, APART);
    await until(() => inbox.attempts > attempts);

    await server.stop('SIGKILL');
    await until(() => lines('Primary process is gone').length > 0);
    release();

    expect((await underWay).status).toBe(202);
    await until(() => living().length === 0);
  });
});

describeStandard('two workers without JWT_KEYS_FILE', () => {
  it('live on, and so does the first process, when it gets SIGHUP', async () => {
    const server = await ServerProcess.start({ ...(await freshStores('standard')), WORKERS: '2' });
    await server.printed(/All 2 workers are listening/);

    server.child.kill('SIGHUP');

    const told = () => logLines(server).filter(({ msg }) => msg.startsWith('SIGHUP: nothing'));
    await until(() => new Set(pidsOf(told())).size === 2);
    expect((await server.get('/health/live')).status).toBe(200);
    expect(server.isRunning).toBe(true);
    await server.stop('SIGKILL');
  });
});

describeStandard('workers that cannot start', () => {
  it('end the first process with their exit code, and say once why', async () => {
    const { exitCode, output } = await ServerProcess.runToExit({
      ...(await freshStores('standard')),
      WORKERS: '2',
      JWT_KEYS_FILE: join(emptyDirectory(), 'none.json'),
    });

    expect(exitCode).toBe(1);
    expect(output.match(/JWT_KEYS_FILE: /g)).toHaveLength(1);
    expect(output).toContain('start aborted');
  });
});

describe('workers without stores to share', () => {
  it('refuse the start and say what to set', async () => {
    const { exitCode, output } = await ServerProcess.runToExit({ WORKERS: '2' });

    expect(exitCode).toBe(1);
    expect(output).toContain('WORKERS need MySQL and Redis to share: set DATABASE_URL');
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
