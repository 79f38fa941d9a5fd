import { randomUUID } from 'node:crypto';
import { runCli } from '../support/cli';
import type { TokenPair } from '../support/client';
import { randomCredentials } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { ServerProcess } from '../support/server-process';
import { freePort } from '../support/servers/free-port';
import { SmsInbox } from '../support/sms-inbox';
import { freshStores, MODES } from '../support/stores';
import { smsEnv } from '../support/sms-env';
import { until } from '../support/until';

describe('tandem users', () => {
  let inbox: SmsInbox;
  let env: Record<string, string>;
  let server: ServerProcess;

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    env = { ...(await freshStores(MODES.at(-1)!)), ...smsEnv(inbox), JWT_SECRET: randomUUID() };
    server = await ServerProcess.start({ ...env, LOG_LEVEL: 'info' });
  });
  afterAll(async () => {
    await server.stop('SIGKILL');
    await inbox.close();
  });

  const users = (...parameters: string[]) => runCli(['users', ...parameters], env);

  async function logIn(): Promise<TokenPair & { mobile: string }> {
    const mobile = randomMobile();
    await server.post('/auth/codes', { mobile });
    const { body } = await server.post('/auth/tokens', { mobile, code: inbox.codeFor(mobile) });
    return { ...body, mobile };
  }

  const accessStatus = async ({ token }: TokenPair) =>
    (await server.get('/auth/sessions', { token })).status;
  const refresh = ({ refresh_token: token }: TokenPair) =>
    server.put('/auth/tokens', undefined, { token });

  it('disable ID shuts a user out of a running server', async () => {
    const [user, other] = [await logIn(), await logIn()];
    const id = userIdOf(user.token);

    const result = await users('disable', id);

    expect(result).toEqual({ exitCode: 0, stdout: `User ${id} is disabled.\n`, stderr: '' });
    await until(async () => (await accessStatus(user)) === 401);
    expect((await refresh(user)).body).toMatchObject({ statusCode: 403, message: 'Invalid user.' });
    expect([await accessStatus(other), (await refresh(other)).status]).toEqual([200, 201]);
  });

  it('rule 20: delete --now erases a user, whose tokens are dead and whose number is free', async () => {
    const user = await logIn();
    const id = userIdOf(user.token);

    const result = await users('delete', user.mobile, '--now', '--reason', 'a letter');

    expect(result).toEqual({ exitCode: 0, stdout: `User ${id} is erased.\n`, stderr: '' });
    await until(async () => (await accessStatus(user)) === 401);
    expect((await users('delete', id)).exitCode).toBe(1);
  });

  it('delete says when a user is erased, and keep calls it off', async () => {
    const id = userIdOf((await logIn()).token);

    const { stdout } = await users('delete', id, '--json');

    expect(Date.parse(JSON.parse(stdout).delete_at)).toBeGreaterThan(Date.now() + 13 * 86_400_000);
    expect((await users('keep', id)).stdout).toBe(`User ${id} is kept.\n`);
    expect((await users('keep', id)).stderr).toContain(`User ${id} was not to be deleted.`);
  });

  it('rule 15: disable and enable take a number in any spelling', async () => {
    const user = await logIn();
    const credentials = randomCredentials();
    await server.put('/users/me/password', credentials, { token: user.token });
    const { mobile } = user;
    const spelled = `\u202atel:+86 ${mobile.slice(3, 6)}-${mobile.slice(6, 10)}-${mobile.slice(10)}\u202c`;

    expect(await users('disable', spelled)).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await server.post('/auth/login', credentials)).body.errorCode).toBe('USER_DISABLED');

    const json = `{"id":"${userIdOf(user.token)}","status":"enabled"}\n`;
    expect(await users('enable', user.mobile, '--json')).toMatchObject({
      exitCode: 0,
      stdout: json,
    });
    expect((await server.post('/auth/login', credentials)).status).toBe(201);
    expect(await accessStatus(user)).toBe(401);
  });

  it('says what is wrong, fails and changes nothing', async () => {
    const user = await logIn();
    const id = userIdOf(user.token);

    const results = await Promise.all([
      users('disable', '1'),
      users('disable', `${id}x`),
      users('disable', '+1'),
    ]);
    const misspelled = await users('wipe', id);

    expect(results.map(({ stderr }) => stderr)).toEqual([
      'There is no such user.\n',
      'There is no such user.\n',
      'mobile must be a valid mobile number\n',
    ]);
    for (const result of results) expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(misspelled).toMatchObject({ exitCode: 2, stdout: '' });
    expect(misspelled.stderr).toMatch(/^error: unknown command 'wipe'\n\nUsage: tandem users /);
    expect((await refresh(user)).status).toBe(201);
  });

  it('says so and fails when the database is away', async () => {
    const DATABASE_URL = `mysql://root@127.0.0.1:${await freePort()}/tandem`;

    const { exitCode, stderr } = await runCli(['users', 'disable', '1'], { DATABASE_URL });

    expect(exitCode).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^The database is not reachable/);
  });
});
