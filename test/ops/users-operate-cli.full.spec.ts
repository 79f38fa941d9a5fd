import { randomUUID } from 'node:crypto';
import { runCli } from '../support/cli';
import { randomCredentials } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { ServerProcess } from '../support/server-process';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { freshStores, MODES } from '../support/stores';

it('tandem users makes the first admin, who gets in with code and password, and finds, shows and logs out users', async () => {
  const inbox = await SmsInbox.open();
  const JWT_SECRET = randomUUID();
  const env = { ...(await freshStores(MODES.at(-1)!)), ...smsEnv(inbox), JWT_SECRET };
  const server = await ServerProcess.start({ ...env, LOG_LEVEL: 'info' });
  const users = (...parameters: string[]) => runCli(['users', ...parameters], env);
  const [mobile, credentials] = [randomMobile(), randomCredentials()];
  await server.post('/auth/codes', { mobile });
  const code = inbox.codeFor(mobile);
  const { body: pair } = await server.post('/auth/tokens', { mobile, code });
  await server.put('/users/me/password', credentials, pair);
  const id = userIdOf(pair.token);

  const granted = await users('grant', mobile, 'admin', '--as', 'li.wei', '--reason', 'the first');
  const { body: session } = await server.post('/auth/login', credentials);
  const refused = await users('revoke', id, 'admin');
  const audit = await server.get('/admin/audit', session);

  expect(granted).toEqual({ exitCode: 0, stdout: `Roles of user ${id}: admin.\n`, stderr: '' });
  expect(audit.body.errorCode).toBe('STEP_UP_REQUIRED');
  expect(refused).toMatchObject({
    exitCode: 1,
    stderr: 'There must be another active admin first.\n',
  });
  expect((await users('find', credentials.username)).stdout).toContain(`${id}  `);
  const shown = await users('show', id, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({
    id,
    roles: ['admin'],
    sessions: expect.any(Array),
  });
  expect(shown.stdout).not.toContain(mobile.slice(1));
  expect((await users('logout', mobile, '--json')).stdout).toBe(`{"id":"${id}"}\n`);
  expect(
    (await server.put('/auth/tokens', undefined, { token: session.refresh_token })).status,
  ).toBe(403);
  expect((await users('grant', id, 'root')).exitCode).toBe(1);
  expect((await users('grant', '1', 'viewer')).stderr).toBe('There is no such user.\n');

  await server.stop('SIGKILL');
  await inbox.close();
}, 120_000);
