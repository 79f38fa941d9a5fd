import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Session } from '../src/sessions/session.entity';
import { clockOff } from './support/clock';
import { openDatabase } from './support/database';
import { ServerProcess } from './support/server-process';
import { insertSessions, tokenMint } from './support/session-rows';
import { describeStandard, freshDatabase } from './support/stores';
import { until } from './support/until';

const JWT_SECRET = 'the secret of the revocation tests, and of nothing else';

describeStandard('logging out on nodes whose clocks differ', () => {
  const mint = tokenMint(JWT_SECRET);
  let sql: DataSource;
  let nodes: ServerProcess[] = [];

  beforeAll(async () => {
    const DATABASE_URL = await freshDatabase();
    const env = { NODE_ENV: 'test', JWT_SECRET, DATABASE_URL };
    sql = await openDatabase('standard', { DATABASE_URL });
    nodes = await Promise.all([
      ServerProcess.start(env),
      ServerProcess.start({ ...env, ...clockOff(10) }),
      ServerProcess.start({ ...env, ...clockOff(-10) }),
    ]);
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    await sql.destroy();
  });

  const openSession = async () => (await insertSessions(sql, 1))[0]!;
  const statuses = (session: Session) => {
    const token = mint.signAccess(session);
    return Promise.all(
      nodes.map(async (node) => (await node.delete('/auth/sessions/none', { token })).status),
    );
  };
  const isEndedEverywhere = async (session: Session) =>
    (await statuses(session)).every((status) => status === 401);

  it.each([
    ['right', 0],
    ['10 minutes ahead', 1],
    ['10 minutes behind', 2],
  ])('rule 10: a logout on the node that is %s is known on all', async (_, index) => {
    const session = await openSession();
    expect(await statuses(session)).toEqual([404, 404, 404]);

    await nodes[index]!.delete('/auth/tokens', { token: mint.signAccess(session) });

    await until(() => isEndedEverywhere(session));
    const { endedAt } = await sql.getRepository(Session).findOneByOrFail({ id: session.id });
    expect(Math.abs(endedAt!.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('rule 10: an end that is committed seconds after it was made, and after others, is known on all', async () => {
    const [late, prompt] = [await openSession(), await openSession()];
    const transaction = sql.createQueryRunner();
    await transaction.startTransaction();
    const end = { endedAt: new Date(), endReason: 'revoked' as const };
    await transaction.manager.update(Session, { id: late.id }, end);
    await delay(3000);
    await nodes[0]!.delete('/auth/tokens', { token: mint.signAccess(prompt) });
    await until(() => isEndedEverywhere(prompt));
    expect(await statuses(late)).toEqual([404, 404, 404]);

    await transaction.commitTransaction();
    await transaction.release();

    await until(() => isEndedEverywhere(late));
  });
});
