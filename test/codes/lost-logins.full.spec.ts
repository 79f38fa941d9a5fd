import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Session } from '../../src/sessions/session.entity';
import { openDatabase } from '../support/database';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { ServerProcess } from '../support/server-process';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { describeStandard, freshStores } from '../support/stores';
import { until } from '../support/until';

const logIn = (node: ServerProcess, body: object, key: string) =>
  node.post('/auth/tokens', body, { headers: { 'idempotency-key': key } });

describeStandard('logins on two nodes, one of which is killed', () => {
  let inbox: SmsInbox;
  let sql: DataSource;
  let survivor: ServerProcess;
  let victim: ServerProcess;

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    const env = {
      ...smsEnv(inbox),
      ...(await freshStores('standard')),
      LOG_LEVEL: 'info',
      LIMITS: 'code-cooldown=9/1h',
    };
    sql = await openDatabase('standard', env);
    [survivor, victim] = await Promise.all([
      ServerProcess.startReady(env),
      ServerProcess.startReady(env),
    ]);
  });
  afterAll(async () => {
    await Promise.all([survivor, victim].map((node) => node?.stop('SIGKILL')));
    await sql.destroy();
    await inbox.close();
  });

  const askFor = async (mobile: string) => {
    const { body } = await survivor.post('/auth/codes', { mobile });
    return { mobile, code: inbox.codeFor(mobile), challenge: body.challenge };
  };
  const isWaiting = async () => {
    const [{ waiting }] = await sql.query(
      `SELECT COUNT(*) AS waiting FROM information_schema.processlist
        WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE '%SET last_login = %'`,
    );
    return Number(waiting) > 0;
  };

  it('rule 6: a login whose node is killed between commit and answer is answered by another', async () => {
    const mobile = randomMobile();
    const userId = userIdOf((await logIn(survivor, await askFor(mobile), randomUUID())).body.token);
    const [login, key, sessions] = [await askFor(mobile), randomUUID(), sql.getRepository(Session)];
    const lock = sql.createQueryRunner();
    await lock.startTransaction();
    await lock.query('SELECT * FROM users WHERE id = ? FOR UPDATE', [userId]);
    const lost = logIn(victim, login, key).catch(() => 'no answer');
    await until(isWaiting);
    await victim.stop('SIGKILL');
    await lock.commitTransaction();
    await lock.release();
    expect(await lost).toBe('no answer');
    await until(async () => (await sessions.countBy({ userId })) === 2);

    const answers = [await logIn(survivor, login, key), await logIn(survivor, login, key)];

    expect(answers).toMatchObject([{ status: 201 }, { status: 201 }]);
    for (const name of ['refresh_token', 'device_token'])
      expect(answers[1]!.body[name]).toBe(answers[0]!.body[name]);
    expect(await sessions.countBy({ userId })).toBe(2);
    const [{ token, refresh_token }] = answers.map(({ body }) => body);
    expect((await survivor.get('/users/me', { token })).status).toBe(200);
    expect((await survivor.put('/auth/tokens', undefined, { token: refresh_token })).status).toBe(
      201,
    );
    expect((await survivor.get('/auth/devices', { token })).body).toHaveLength(2);
  });
});
