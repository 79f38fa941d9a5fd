import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Session } from '../../src/sessions/session.entity';
import { fromNewAddress } from '../support/address';
import type { TokenPair } from '../support/client';
import { NodeClock } from '../support/clock';
import { randomCredentials } from '../support/credentials';
import { openDatabase } from '../support/database';
import { decodeJwt, sessionIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { scrape, valueOf } from '../support/prometheus';
import { ServerProcess } from '../support/server-process';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis } from '../support/servers/redis';
import { insertSessions, tokenMint } from '../support/session-rows';
import { SmsInbox } from '../support/sms-inbox';
import { describeStandard, freshDatabase } from '../support/stores';
import { smsEnv } from '../support/sms-env';
import { until } from '../support/until';

const JWT_SECRET = 'the secret of the clock tests, and of nothing else';
const MINUTE = 60_000;
/** Twice what is promised, because tests share the processors. */
const SECONDS = 2;

const ask = (node: ServerProcess, mobile: string) =>
  node.post('/auth/codes', { mobile }, fromNewAddress());
const refresh = (node: ServerProcess, token: string) =>
  node.put('/auth/tokens', undefined, { token });

describeStandard('two nodes with one worker id, whose clocks are wrong', () => {
  const mint = tokenMint(JWT_SECRET);
  const clocks = [new NodeClock(5), new NodeClock(-5)];
  let env: Record<string, string>;
  let inbox: SmsInbox;
  let nodes: [ServerProcess, ServerProcess];
  let redis: PrivateServer;
  let sql: DataSource;
  /** Of sessions that were opened before the clocks jumped. */
  let lives: TokenPair;
  let ended: TokenPair;
  /** Of sessions, in the order of their logins. */
  const ids: bigint[] = [];

  beforeAll(async () => {
    const DATABASE_URL = await freshDatabase();
    [inbox, redis] = [await SmsInbox.open(), await startRedis()];
    sql = await openDatabase('standard', { DATABASE_URL });
    const LIMITS = 'code-cooldown=100/1m';
    const rules = { REFRESH_ROTATION: 'on', WORKER_ID: '1', TRUST_PROXY: '1', LIMITS };
    env = {
      ...smsEnv(inbox),
      ...rules,
      LOG_LEVEL: 'info',
      JWT_SECRET,
      DATABASE_URL,
      REDIS_URL: redis.url,
    };
    nodes = [await start(0), await start(1)];
    [lives, ended] = [await logIn(nodes[0]), await logIn(nodes[1])];
    await nodes[0].delete('/auth/tokens', { token: ended.token });
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    await Promise.all([redis.remove(), inbox.close(), sql.destroy()]);
  });

  const start = (index: 0 | 1) => ServerProcess.start({ ...env, ...clocks[index]!.env });
  const enter = (node: ServerProcess, mobile: string) =>
    node.post('/auth/tokens', { mobile, code: inbox.codeFor(mobile) }, fromNewAddress());
  async function logIn(node: ServerProcess): Promise<TokenPair> {
    const mobile = randomMobile();
    await ask(node, mobile);
    const { body } = await enter(node, mobile);
    return body;
  }
  const statuses = (token: string) =>
    Promise.all(nodes.map(async (node) => (await node.get('/users/me', { token })).status));
  const sessions = () => sql.getRepository(Session);
  /** Both ways: the node that does something first, and the one that goes on. */
  const eachWay = async (story: (one: ServerProcess, other: ServerProcess) => Promise<void>) => {
    const [ahead, behind] = nodes;
    for (const way of [
      [ahead, behind],
      [behind, ahead],
    ] as const)
      await story(...way);
  };

  describe.each<[string, () => Promise<void>]>([
    ['by five minutes', async () => undefined],
    [
      'after an hour forward on one, and back on the other with a restart',
      async () => {
        setClocks(65, -65);
        await nodes[1].stop('SIGKILL');
        nodes[1] = await start(1);
      },
    ],
    [
      'after two hours the other way, and without Redis',
      async () => {
        setClocks(-60, 60);
        await redis.kill();
      },
    ],
  ])('%s', (_when, happen) => {
    beforeAll(happen);

    it('rule 5: a code from one node is that of the other, which lets it in', () =>
      eachWay(async (one, other) => {
        const mobile = randomMobile();
        const sent = [await ask(one, mobile), await ask(other, mobile)];
        const codes = inbox.messages.filter(({ to }) => to === mobile).map(({ code }) => code);

        const login = await enter(other, mobile);

        expect(sent.map(({ status }) => status)).toEqual([202, 202]);
        expect(sent[0]!.body.expires_in).toBe(300);
        expect([299, 300]).toContain(sent[1]!.body.expires_in);
        expect(new Set(codes).size).toBe(1);
        expect(login.status).toBe(201);
        expect(await statuses(login.body.token)).toEqual([200, 200]);
      }));

    it('tells the time of the database in tokens', () =>
      eachWay(async (one) => {
        const { token, expires_in, refresh_expires_in } = await logIn(one);

        ids.push(BigInt(sessionIdOf(token)));
        expect([expires_in, refresh_expires_in]).toEqual([7200, 14 * 86_400]);
        const age = Date.now() / 1000 - Number(decodeJwt(token).claims.iat);
        expect(Math.abs(age)).toBeLessThan(10);
      }));

    it('an access token is valid on both until its time is over', async () => {
      const [session] = await insertSessions(sql, 1);
      const endingIn = (milliseconds: number) =>
        mint.signAccess({ ...session!, expiresAt: new Date(Date.now() + milliseconds) });

      expect(await statuses(endingIn(MINUTE))).toEqual([200, 200]);
      expect(await statuses(endingIn(0))).toEqual([401, 401]);
    });

    it('rule 9: a retry on the other node gets the used successor within the grace only', () =>
      eachWay(async (one, other) => {
        const { token, refresh_token: spent } = await logIn(one);
        const first = await refresh(one, spent);
        await refresh(other, first.body.refresh_token);
        const retries = [await refresh(other, spent), await refresh(one, spent)];
        await sessions().decrement({ id: sessionIdOf(token) }, 'rotatedAt', 31_000);

        const late = await refresh(other, spent);

        expect([first, ...retries].map(({ status }) => status)).toEqual([201, 201, 201]);
        const successors = [first, ...retries].map(({ body }) => body.refresh_token);
        expect(new Set(successors)).toEqual(new Set([first.body.refresh_token]));
        expect(decodeJwt(successors[0]).claims.gen).toBe(1);
        expect(late.body.errorCode).toBe('WRONG_REFRESH_TOKEN');
        expect((await sessions().findOneByOrFail({ id: sessionIdOf(token) })).endReason).toBe(
          'reuse',
        );
      }));

    it('rule 10: a logout on one is known on the other', () =>
      eachWay(async (one, other) => {
        const { token } = await logIn(other);
        expect(await statuses(token)).toEqual([200, 200]);

        await one.delete('/auth/tokens', { token });

        await until(async () => (await statuses(token)).join() === '401,401', SECONDS);
        const { endedAt } = await sessions().findOneByOrFail({ id: sessionIdOf(token) });
        expect(Math.abs(endedAt!.getTime() - Date.now())).toBeLessThan(MINUTE);
      }));

    it('a password may be set on the other node after a login, for ten minutes', () =>
      eachWay(async (one, other) => {
        const { token } = await logIn(one);
        const set = () => other.put('/users/me/password', randomCredentials(), { token });
        const recent = await set();
        await sessions().decrement({ id: sessionIdOf(token) }, 'createdAt', 11 * MINUTE);

        expect(recent.status).toBe(204);
        expect((await set()).body.errorCode).toBe('RECENT_LOGIN_REQUIRED');
      }));

    it('rule 14: logins at the same time on both get an id each', async () => {
      const logins = await Promise.all([...nodes, ...nodes, ...nodes].map(logIn));

      expect(new Set(logins.map(({ token }) => sessionIdOf(token))).size).toBe(6);
    });

    it('what lived before lives on, and nothing that ended comes back', async () => {
      await eachWay(async (one) => {
        const { status, body } = await refresh(one, lives.refresh_token);
        expect(status).toBe(201);
        lives.refresh_token = body.refresh_token;
      });

      expect(await statuses(lives.token)).toEqual([200, 200]);
      expect(await statuses(ended.token)).toEqual([401, 401]);
      expect((await refresh(nodes[0], ended.refresh_token)).status).toBe(403);
    });

    it('fails no request', async () => {
      for (const samples of await Promise.all(nodes.map(scrape))) {
        const failed = samples.filter(({ labels }) => labels.status?.startsWith('5'));
        expect(failed).toEqual([]);
      }
    });
  });

  it('rule 14: ids have grown from login to login, on whatever node', () => {
    expect(ids).toHaveLength(6);
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('a node tells how wrong its clock is, and stays ready', async () => {
    const [behind] = nodes;

    const skew = valueOf(await scrape(behind), 'tandem_clock_skew_seconds');

    expect(Math.round(skew / 60)).toBe(-60);
    await behind.printed(/Clock of this node is 3600 s behind the database clock/);
    await behind.untilReady();
  });

  it('rule 10: an end that is committed seconds after it was made, and after others, is known on all', async () => {
    const [late, prompt] = await insertSessions(sql, 2);
    const transaction = sql.createQueryRunner();
    await transaction.startTransaction();
    const end = { endedAt: new Date(), endReason: 'revoked' as const };
    await transaction.manager.update(Session, { id: late!.id }, end);
    await delay(3000);
    const [lateToken, promptToken] = [mint.signAccess(late!), mint.signAccess(prompt!)];
    await nodes[0].delete('/auth/tokens', { token: promptToken });
    await until(async () => (await statuses(promptToken)).join() === '401,401');
    expect(await statuses(lateToken)).toEqual([200, 200]);

    await transaction.commitTransaction();
    await transaction.release();

    await until(async () => (await statuses(lateToken)).join() === '401,401');
  });

  function setClocks(...minutes: [number, number]): void {
    minutes.forEach((ahead, index) => clocks[index]!.set(ahead));
  }
});
