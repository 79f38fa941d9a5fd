import { randomUUID } from 'node:crypto';
import { runCli } from '../support/cli';
import type { TokenPair } from '../support/client';
import { ServerProcess } from '../support/server-process';
import { randomMobile } from '../support/mobile';
import { SmsInbox } from '../support/sms-inbox';
import { insertSessions } from '../support/session-rows';
import { openDatabase } from '../support/database';
import { smsEnv } from '../support/sms-env';
import { freshStores, MODES } from '../support/stores';
import { until } from '../support/until';

describe.each(MODES)('tandem sessions end (%s)', (mode) => {
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

  const end = (...parameters: string[]) => runCli(['sessions', 'end', ...parameters], env);

  async function logInFrom(address: string): Promise<TokenPair> {
    const mobile = randomMobile();
    const headers = { 'x-forwarded-for': address };
    await server.post('/auth/codes', { mobile }, { headers });
    const login = { mobile, code: inbox.codeFor(mobile) };
    return (await server.post('/auth/tokens', login, { headers })).body;
  }

  const statuses = (pairs: TokenPair[]) =>
    Promise.all(
      pairs.map(async ({ token }) => (await server.get('/auth/sessions', { token })).status),
    );
  const become = (pairs: TokenPair[], ...expected: number[]) =>
    until(async () => String(await statuses(pairs)) === String(expected));

  it('ends those of a network, those opened before a time, and all, on a running server', async () => {
    const office = await logInFrom('198.51.100.7');
    const phone = await logInFrom('2001:db8:5:6::1');
    const home = await logInFrom('203.0.113.9');
    const before = new Date().toISOString();
    const later = await logInFrom('203.0.113.9');
    const pairs = [office, phone, home, later];

    expect(await end('--network', '198.51.0.0/16', '--yes')).toEqual({
      exitCode: 0,
      stdout: 'Ended 1 session.\n',
      stderr: '',
    });
    await become(pairs, 401, 200, 200, 200);
    expect((await end('--network', '2001:db8:5::/48', '--yes')).stdout).toBe('Ended 1 session.\n');
    await become(pairs, 401, 401, 200, 200);
    expect((await end('--before', before, '--yes', '--json')).stdout).toBe('{"ended":1}\n');
    await become(pairs, 401, 401, 401, 200);
    expect((await end('--all', '--yes')).stdout).toBe('Ended 1 session.\n');
    await become(pairs, 401, 401, 401, 401);

    const list = await server.get('/auth/sessions', { token: (await logInFrom('::1')).token });
    expect(list.status).toBe(200);
    const refreshed = await server.put('/auth/tokens', undefined, { token: home.refresh_token });
    expect(refreshed.body).toMatchObject({ statusCode: 403, message: 'Wrong refresh token.' });
  });

  it('ends more than a batch of them, also behind many that stay', async () => {
    await end('--all', '--yes');
    const sql = await openDatabase(mode, env);
    await insertSessions(sql, 1001, { network: '198.51.100.0/24' });
    await insertSessions(sql, 1201, { network: '203.0.113.0/24' });
    await sql.destroy();
    const last = await logInFrom('203.0.113.9');

    expect((await end('--network', '203.0.0.0/8', '--yes')).stdout).toBe('Ended 1202 sessions.\n');
    await become([last], 401);
    expect((await end('--all', '--yes')).stdout).toBe('Ended 1001 sessions.\n');
  });

  it('says how many it would end, and ends none without --yes', async () => {
    await end('--all', '--yes');
    const pair = await logInFrom('198.51.100.7');

    expect(await end('--all')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'This would end 1 session. Add --yes to end them.\n',
    });
    expect(await statuses([pair])).toEqual([200]);
  });
});

describe('tandem sessions end', () => {
  it.each([
    [[], 'name the sessions by --before, --network, both, or --all'],
    [['--all', '--network', '198.51.100.0/24'], "option '--all' cannot be used with option"],
    [['--before', '2026-01-31T09:30:00'], 'It must be a time with its zone'],
    [['--before', '2026-01-31'], 'It must be a time with its zone'],
    [['--before', '2126-01-31T09:30:00Z'], 'It is in the future'],
    [['--network', 'office'], 'It must be a network'],
    [['--network', '198.51.100.7'], 'a /24 or broader'],
    [['--network', '2001:db8::/64'], 'a /48 or broader'],
  ])('is not called as %j', async (parameters, problem) => {
    const { exitCode, stdout, stderr } = await runCli(['sessions', 'end', ...parameters, '--yes']);

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(problem);
    expect(stderr).toContain('Usage: tandem sessions end ');
  });
});
