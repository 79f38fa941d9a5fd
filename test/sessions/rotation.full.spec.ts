import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Session } from '../../src/sessions/session.entity';
import type { Answer } from '../support/client';
import { openDatabase } from '../support/database';
import { decodeJwt } from '../support/jwt';
import { ServerProcess } from '../support/server-process';
import { insertSessions, tokenMint } from '../support/session-rows';
import { describeStandard, freshDatabase } from '../support/stores';
import { until } from '../support/until';

const JWT_SECRET = 'the secret of the rotation tests, and of nothing else';
const CLIENTS = 200;

const KEY = 'drawn-at-the-login-0123456789';

const refresh = (node: ServerProcess, token: string, headers?: Record<string, string>) =>
  node.put('/auth/tokens', undefined, { token, headers });

describeStandard('rotation on two nodes with one database', () => {
  const mint = tokenMint(JWT_SECRET);
  let env: Record<string, string>;
  let sql: DataSource;
  let survivor: ServerProcess;
  /** Another one after each test that killed it. */
  let victim: ServerProcess;
  let session: Session;

  beforeAll(async () => {
    const DATABASE_URL = await freshDatabase();
    env = { NODE_ENV: 'test', LOG_LEVEL: 'info', JWT_SECRET, DATABASE_URL, REFRESH_ROTATION: 'on' };
    sql = await openDatabase('standard', { DATABASE_URL });
    survivor = await ServerProcess.startReady(env);
  });
  beforeEach(async () => {
    if (!victim?.isRunning) victim = await ServerProcess.startReady(env);
    [session] = (await insertSessions(sql, 1)) as [Session];
  });
  afterAll(async () => {
    await Promise.all([survivor, victim].map((node) => node?.stop('SIGKILL')));
    await sql.destroy();
  });

  const row = () => sql.getRepository(Session).findOneByOrFail({ id: session.id });
  /** Of a guarded route that needs no store: 404 for whoever is let in. */
  const opens = async ({ token }: { token: string }) =>
    (await survivor.delete('/auth/sessions/none', { token })).status;

  it('rule 9: both nodes answer a retry with the same bytes, seconds later, too', async () => {
    const token = mint.signRefresh(session);
    const first = await refresh(victim, token);
    await delay(1100);

    const retries = [await refresh(survivor, token), await refresh(victim, token)];

    expect(decodeJwt(first.body.refresh_token).claims.gen).toBe(1);
    expect(retries.map(({ body }) => body.refresh_token)).toEqual(
      Array(2).fill(first.body.refresh_token),
    );
  });

  it('rule 9: only the client that rotated gets the same bytes an hour later', async () => {
    const token = mint.signRefresh(session);
    const [key, otherKey] = [KEY, `${KEY}!`].map((one) => ({ 'idempotency-key': one }));
    await refresh(victim, token, key);
    await sql.getRepository(Session).decrement({ id: session.id }, 'rotatedAt', 3_600_000);
    const successor = mint.signRefresh(await row());

    const retries = [await refresh(survivor, token, key), await refresh(victim, token, key)];
    const stolen = await refresh(survivor, token, otherKey);

    expect(retries.map(({ body }) => body.refresh_token)).toEqual([successor, successor]);
    expect(stolen.status).toBe(403);
    expect(await row()).toMatchObject({ endReason: 'reuse' });
    expect((await refresh(victim, successor, key)).status).toBe(403);
  });

  it('rule 9: a grandparent after the grace ends its session with `reuse`, and no other', async () => {
    const [other] = await insertSessions(sql, 1, { userId: session.userId });
    const token = mint.signRefresh(session);
    const child = await refresh(victim, token);
    const grandchild = await refresh(survivor, child.body.refresh_token);
    await sql.getRepository(Session).decrement({ id: session.id }, 'rotatedAt', 31_000);

    const { status, body } = await refresh(victim, token);

    expect([status, body.message]).toEqual([403, 'Wrong refresh token.']);
    expect(await row()).toMatchObject({ endReason: 'reuse' });
    await until(async () => (await opens(grandchild.body)) === 401);
    expect((await refresh(survivor, grandchild.body.refresh_token)).status).toBe(403);
    expect(await opens({ token: mint.signAccess(other!) })).toBe(404);
    expect((await refresh(survivor, mint.signRefresh(other!))).status).toBe(201);
  });

  it('rule 9: of 200 parallel refreshes, with one node killed midway, every client gets on', async () => {
    const token = mint.signRefresh(session);
    let lost = 0;
    const client = async (node: ServerProcess): Promise<Answer> => {
      const answer = await refresh(node, token).catch(() => undefined);
      if (answer && node === victim) victim.child.kill('SIGKILL');
      if (!answer) lost += 1;
      return !answer || answer.status === 503 ? client(survivor) : answer;
    };

    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, i) => client(i % 2 ? survivor : victim)),
    );
    await victim.stop('SIGKILL');

    expect(lost).toBeGreaterThan(0);
    expect(answers.map(({ status }) => status)).toEqual(Array(CLIENTS).fill(201));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    const opened = await Promise.all(answers.map(({ body }) => opens(body)));
    expect(opened).toEqual(Array(CLIENTS).fill(404));
    const next = await refresh(survivor, answers[0]!.body.refresh_token);
    expect(next.status).toBe(201);
    expect(await row()).toMatchObject({ generation: 2, endedAt: null });
  });

  it('rule 9: a rotation whose node is killed between commit and answer is answered by another', async () => {
    const [token, lock] = [mint.signRefresh(session), sql.createQueryRunner()];
    await lock.startTransaction();
    await lock.query('SELECT * FROM sessions WHERE id = ? FOR UPDATE', [session.id]);
    const lost = refresh(victim, token).catch(() => 'no answer');
    await until(async () => {
      const [{ waiting }] = await sql.query(
        "SELECT COUNT(*) AS waiting FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'UPDATE%'",
      );
      return Number(waiting) > 0;
    });
    await victim.stop('SIGKILL');
    await lock.commitTransaction();
    await lock.release();
    expect(await lost).toBe('no answer');
    await until(async () => (await row()).generation === 1);

    const answers = [await refresh(survivor, token), await refresh(survivor, token)];

    const [successor, again] = answers.map(({ body }) => body.refresh_token);
    expect(successor).toBe(mint.signRefresh(await row()));
    expect(again).toBe(successor);
    expect((await refresh(survivor, successor)).status).toBe(201);
  });
});
