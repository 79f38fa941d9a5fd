import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { openDatabase } from '../support/database';
import { AT_FULL_SCALE } from '../support/scale';
import { ServerProcess } from '../support/server-process';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis } from '../support/servers/redis';
import { insertSessions, tokenMint } from '../support/session-rows';
import { describeStandard, freshDatabase } from '../support/stores';

const JWT_SECRET = 'the secret of the revocation tests, and of nothing else';
const LOGOUTS = AT_FULL_SCALE ? 1000 : 200;
const PARALLEL = 100;
const LIMIT_MILLISECONDS = 1000;

describeStandard('logging out on one of two nodes while Redis is away', () => {
  let env: Record<string, string>;
  let redis: PrivateServer;
  let sql: DataSource;
  let tokens: string[];
  let nodes: ServerProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    const DATABASE_URL = await freshDatabase();
    const stores = { DATABASE_URL, REDIS_URL: redis.url };
    env = { NODE_ENV: 'test', LOG_LEVEL: 'info', JWT_SECRET, ...stores };
    sql = await openDatabase('standard', { DATABASE_URL });
    const [mint, sessions] = [tokenMint(JWT_SECRET), await insertSessions(sql, LOGOUTS)];
    tokens = sessions.map((session) => mint.signAccess(session));
    nodes = await startNodes();
    await redis.kill();
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    await sql.destroy();
    await redis.remove();
  });

  const startNodes = () => Promise.all([ServerProcess.start(env), ServerProcess.start(env)]);

  it(`rule 10: ${LOGOUTS} of ${LOGOUTS} logouts are known on the other node within 1 s`, async () => {
    const [here, there] = nodes as [ServerProcess, ServerProcess];
    const openBefore = await inParallel(tokens, (token) => statusOf(there, token));

    const outcomes = await inParallel(tokens, async (token) => {
      const { status } = await here.delete('/auth/tokens', { token });
      await delay(LIMIT_MILLISECONDS);
      return `${status}, then ${await statusOf(there, token)}`;
    });

    expect(openBefore).toEqual(Array(LOGOUTS).fill(404));
    expect(outcomes).toEqual(Array(LOGOUTS).fill('204, then 401'));
  });

  it('rule 10: and still after a restart of both', async () => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    nodes = await startNodes();

    for (const node of nodes) {
      const statuses = await inParallel(tokens, (token) => statusOf(node, token));
      expect(statuses).toEqual(Array(LOGOUTS).fill(401));
    }
  });
});

/** Of a guarded route that needs no store: 404 for whoever is let in. */
async function statusOf(node: ServerProcess, token: string): Promise<number> {
  return (await node.delete('/auth/sessions/none', { token })).status;
}

async function inParallel<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = Array(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return results;
}
