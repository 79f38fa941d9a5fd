import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AuditEvent } from '../../src/audit/audit-event.entity';
import { UserProfile } from '../../src/users/user-profile.entity';
import { User } from '../../src/users/user.entity';
import { runCli } from '../support/cli';
import { openDatabase } from '../support/database';
import { emptyDirectory } from '../support/server-process';
import { freshStores, MODES } from '../support/stores';
import { until } from '../support/until';

const CLI = resolve(__dirname, '../../dist/cli/main.js');
/** Enough for a SIGKILL to meet it halfway. */
const MANY = 4_000;
const FIRST = randomInt(10_000_000, 90_000_000);

describe.each(MODES)('an import (%s)', (mode) => {
  it('goes on after a SIGKILL: nobody twice, nobody lost, nobody by halves, all of it audited', async () => {
    const [env, folder] = [await freshStores(mode), emptyDirectory()];
    const sql = await openDatabase(mode, env);
    const lines = Array.from(
      { length: MANY },
      (_, index) => `{"mobile":"+86139${FIRST + index}"}\n`,
    );
    writeFileSync(join(folder, 'users.ndjson'), lines.join(''));
    const parameters = ['users', 'import', 'users.ndjson', '--format', 'ndjson', '--json'];
    const counts = async () => {
      const told = await sql.getRepository(AuditEvent).findBy({ action: 'users.imported' });
      const audited = told.reduce((sum, { detail }) => sum + JSON.parse(detail!).users, 0);
      const users = await sql.getRepository(User).count();
      return { users, profiles: await sql.getRepository(UserProfile).count(), audited };
    };

    const child = spawn(process.execPath, [CLI, ...parameters], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
      stdio: 'ignore',
    });
    await until(async () => (await sql.getRepository(User).count()) > 0);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const { users, ...others } = await counts();
    expect(others).toEqual({ profiles: users, audited: users });
    const { stdout, stderr } = await runCli(parameters, env, folder);
    const expected = { imported: MANY - users, already_there: users, refused: 0 };
    expect(JSON.parse(stdout)).toMatchObject(expected);
    // Rule 16.
    expect(stdout + stderr).not.toMatch(/\d{7}/);
    expect(await counts()).toEqual({ users: MANY, profiles: MANY, audited: MANY });
    await sql.destroy();
  }, 60_000);
});
