import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { ServerProcess } from '../support/server-process';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { SmsInbox } from '../support/sms-inbox';
import { describeStandard, freshStores } from '../support/stores';
import { smsEnv } from '../support/sms-env';
import { until } from '../support/until';

/** Twice what is promised, because tests share the processors. */
const SECONDS = 2;

describeStandard('a user who is deleted, on two nodes', () => {
  let inbox: SmsInbox;
  let env: Record<string, string>;
  let nodes: ServerProcess[];
  let sql: DataSource;

  const startNodes = () => Promise.all([0, 1].map(() => ServerProcess.startReady(env)));

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    const rules = { LOG_LEVEL: 'info', JWT_SECRET: randomUUID(), DELETION_GRACE: '0s' };
    env = { ...(await freshStores('standard')), ...smsEnv(inbox), ...rules };
    nodes = await startNodes();
    sql = await new DataSource(dataSourceOptions(parseEnv(env))).initialize();
  });
  afterAll(async () => {
    await sql.destroy();
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    await inbox.close();
  });

  const logIn = async () => {
    const mobile = randomMobile();
    await nodes[0]!.post('/auth/codes', { mobile });
    const { body } = await nodes[0]!.post('/auth/tokens', { mobile, code: inbox.codeFor(mobile) });
    return { ...body, mobile };
  };
  const statusesOf = (token: string) =>
    Promise.all(nodes.map(async (node) => (await node.get('/auth/sessions', { token })).status));
  const isOut = (token: string) => async () =>
    (await statusesOf(token)).every((status) => status === 401);

  it('rule 20: their token is dead on both, also after a restart', async () => {
    const [user, other] = [await logIn(), await logIn()];

    const { status } = await nodes[0]!.delete('/users/me', { token: user.token });

    expect(status).toBe(202);
    await until(isOut(user.token), SECONDS);
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    nodes = await startNodes();
    expect(await statusesOf(user.token)).toEqual([401, 401]);
    expect(await statusesOf(other.token)).toEqual([200, 200]);
    const refreshed = await nodes[1]!.put('/auth/tokens', undefined, { token: user.refresh_token });
    expect([refreshed.status, refreshed.body.errorCode]).toEqual([403, 'WRONG_REFRESH_TOKEN']);
  });

  it('rule 20: an erasure that is killed anywhere has happened or not, and is done by another node', async () => {
    const users = await Promise.all(Array.from({ length: 12 }, logIn));
    const answers = users.map(({ token }) =>
      nodes[0]!.delete('/users/me', { token }).catch(() => undefined),
    );
    await Promise.race(answers);
    await nodes[0]!.stop('SIGKILL');
    await Promise.all(answers);
    nodes = [nodes[1]!];

    const left = async () => {
      const rows: {
        id: string;
        pending: unknown;
        erased: unknown;
        live: unknown;
        named: unknown;
      }[] = await sql.query(STATES, [users.map(({ token }) => userIdOf(token))]);
      return rows.map(({ pending, erased, live, named }) =>
        [pending, erased, live, named].map(Number).join(' '),
      );
    };
    await until(async () => (await left()).every((state) => !state.startsWith('1')));
    const states = await left();
    expect(states).toHaveLength(users.length);
    // As before the request, or erased, and nothing between.
    expect(states.filter((state) => state !== '0 0 1 1' && state !== '0 1 0 0')).toEqual([]);
    expect(states).toContain('0 1 0 0');
  });
});

/** Whether a user is waiting to be erased, was, has a live session, and one whose network is known. */
const STATES = `SELECT p.id, COALESCE(u.deletion_at IS NOT NULL, 0) AS pending, p.deleted_at IS NOT NULL AS erased,
  EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = p.id AND s.ended_at IS NULL) AS live,
  EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = p.id AND s.network <> '') AS named
  FROM user_profiles p LEFT JOIN users u ON u.id = p.id WHERE p.id IN (?)`;
