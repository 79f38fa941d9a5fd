import { randomUUID } from 'node:crypto';
import { runCli } from '../support/cli';
import { randomCredentials } from '../support/credentials';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { ServerProcess } from '../support/server-process';
import { SmsInbox } from '../support/sms-inbox';
import { smsEnv } from '../support/sms-env';
import { freshStores, MODES } from '../support/stores';
import { until } from '../support/until';

/** Seconds within which every node knows a block. */
const SOON = 5;

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

describe.each(MODES)('tandem block (%s)', (mode) => {
  let inbox: SmsInbox;
  let env: Record<string, string>;
  let server: ServerProcess;

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    const settings = { JWT_SECRET: randomUUID(), TRUST_PROXY: '1', LOG_LEVEL: 'info' };
    env = { ...(await freshStores(mode)), ...smsEnv(inbox), ...settings };
    server = await ServerProcess.start(env);
  });
  afterAll(async () => {
    await server.stop('SIGKILL');
    await inbox.close();
  });

  const block = (...parameters: string[]) => runCli(['block', ...parameters], env);
  const post = (path: string, body: object, address: string) =>
    server.post(path, body, from(address));
  const passwordStatus = async (address: string) =>
    (await post('/auth/login', randomCredentials(), address)).status;

  it('refuses codes and logins of a number, as a limit would, until it is removed', async () => {
    const mobile = randomMobile();
    await post('/auth/codes', { mobile }, '198.51.100.7');
    const login = { mobile, code: inbox.codeFor(mobile) };
    const owner = await post('/auth/tokens', login, '198.51.100.7');
    const credentials = randomCredentials();
    await server.put('/users/me/password', credentials, { token: owner.body.token });
    const byPassword = () => post('/auth/login', credentials, '203.0.113.1');
    expect((await byPassword()).status).toBe(201);

    const { stdout } = await block('add', mobile, '--for', '2h', '--json');
    expect(JSON.parse(stdout)).toEqual({ target: mobile, expires_at: expect.any(String) });
    const answerOf = () => post('/auth/codes', { mobile }, '203.0.113.1');
    await until(async () => (await answerOf()).body.retry_after > 7000, SOON);

    // As if nobody had the name.
    expectRefusal(await byPassword(), 'INVALID_CREDENTIALS');
    const answers = [await answerOf(), await post('/auth/tokens', login, '198.51.100.7')];
    for (const answer of answers) {
      expectRefusal(answer, 'TOO_MANY_REQUESTS');
      expect(answer.body.message).toMatch(/^Too many (codes|wrong codes) for this number\. Try/);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(7000);
    }
    expect(inbox.messages.filter(({ to }) => to === mobile).length).toBeLessThan(3);
    expect((await block('list')).stdout).toContain(`${mobile} until `);

    expect((await block('remove', mobile)).exitCode).toBe(0);
    await until(async () => (await byPassword()).status === 201, SOON);
  });

  it('refuses a network everything, and its neighbours nothing', async () => {
    expect((await block('add', '192.0.2.0/25')).stdout).toMatch(/^Blocked 192\.0\.2\.0\/25 until /);
    await until(async () => (await passwordStatus('192.0.2.127')) === 429, SOON);

    const code = await post('/auth/codes', { mobile: randomMobile() }, '192.0.2.1');
    expectRefusal(code, 'TOO_MANY_REQUESTS');
    expect([await passwordStatus('192.0.2.128'), code.body.limit]).toEqual([400, 'address']);
    expect((await block('remove', '192.0.2.9/25')).exitCode).toBe(0);
  });

  it('ends by itself, and takes the place of an earlier one', async () => {
    await block('add', '+4915*', '--for', '1d');
    await block('add', '+4915*', '--for', '1s');

    await until(async () => !(await block('list')).stdout.includes('+4915'), 2 * SOON);
    expect(await block('remove', '192.0.2.0/24')).toMatchObject({
      exitCode: 1,
      stderr: '192.0.2.0/24 was not blocked.\n',
    });
  });

  it.each([[['0.0.0.0/0']], [['office']], [['+86138*', '--for', 'ever']]])(
    'is not called as add %j',
    async (parameters) => {
      const { exitCode, stderr } = await block('add', ...parameters);

      expect(exitCode).toBe(2);
      expect(stderr).toContain('Usage: tandem block add ');
    },
  );
});
