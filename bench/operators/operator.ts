import { setTimeout as delay } from 'node:timers/promises';
import { runCli } from '../../test/support/cli';
import type { ConsoleOperator } from '../../test/support/console';
import { userIdOf } from '../../test/support/jwt';
import type { ServerProcess } from '../../test/support/server-process';
import type { SmsInbox } from '../../test/support/sms-inbox';

const MOBILE = '+8613900000000';
const PASSWORD = 'seven wet stones in a row';

/** Someone with a role whose session has proved password and code. */
export async function operatorOn(
  server: ServerProcess,
  inbox: SmsInbox,
  env: Record<string, string>,
): Promise<ConsoleOperator> {
  const asked = await server.post('/auth/codes', { mobile: MOBILE });
  const first = { mobile: MOBILE, code: inbox.codeFor(MOBILE) };
  const { token } = (await server.post('/auth/tokens', first)).body;
  const credentials = { username: 'operator', password: PASSWORD };
  await server.put('/users/me/password', credentials, { token });
  await runCli(['users', 'grant', MOBILE, 'support', '--as', 'bench'], env);
  const { body } = await server.post('/auth/login', credentials);
  await delay(asked.body.resend_in * 1000);
  await server.post('/auth/codes', { mobile: MOBILE });
  const second = { code: inbox.codeFor(MOBILE) };
  const { status } = await server.post('/auth/step-up', second, { token: body.token });
  if (status !== 200) throw new Error(`No step-up: ${status}`);
  return { id: userIdOf(body.token), mobile: MOBILE, password: PASSWORD, token: body.token };
}
