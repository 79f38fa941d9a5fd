import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import Database from 'libsql';
import { runCli } from '../support/cli';
import { emptyDirectory } from '../support/server-process';

const COMMANDS = [
  'start',
  'migrate',
  'doctor',
  'users',
  'sessions',
  'limits',
  'block',
  'sms',
  'support',
  'audit',
  'keys',
  'secret',
  'openapi',
];
/** The bin of the package for host applications. */
const HOST = resolve(__dirname, '../../dist/cli/host.js');
const PROGRESS = resolve(__dirname, '../../dist/cli/progress.js');

function tablesIn(file: string): unknown[] {
  const sql = new Database(file);
  const rows = sql.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").raw().all();
  sql.close();
  return rows.flat();
}

const runInHost = (parameters: string[], env: Record<string, string>) =>
  runCli(parameters, env, emptyDirectory(), HOST);

describe('tandem', () => {
  it('lists its commands, and each of them says how it is called', async () => {
    const { exitCode, stdout } = await runCli(['--help']);
    const helps = await Promise.all(COMMANDS.map((command) => runCli([command, '--help'])));

    expect(exitCode).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(helps.map((help) => [help.exitCode, help.stderr])).toEqual(COMMANDS.map(() => [0, '']));
    for (const [index, command] of COMMANDS.entries()) {
      expect(helps[index]!.stdout).toContain(`Usage: tandem ${command} `);
    }
  });

  it.each([[[]], [['nothing']], [['secret', '--loud']], [['users']]])(
    'exits with 2 and says how it is called for %j',
    async (parameters) => {
      const { exitCode, stdout, stderr } = await runCli(parameters);

      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toContain('Usage: tandem ');
    },
  );

  it('says on a terminal what it waits for', () => {
    const waiting = `require(${JSON.stringify(PROGRESS)}).showProgress("Waiting", new Promise((done) => setTimeout(done, 3500)))`;
    const command = `${process.execPath} -e '${waiting}'`;

    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      cwd: emptyDirectory(),
      encoding: 'utf8',
    });

    expect(stdout).toMatch(/Waiting… 2 s/);
  });
});

describe('tandem in a host application', () => {
  it('reads TANDEM_ variables, not those of the host, and has its tables apart', async () => {
    const folder = emptyDirectory();
    const env = { TANDEM_DATA_DIR: folder, DATABASE_URL: 'postgres://localhost/shop' };

    const { stdout } = await runInHost(['migrate', '--json'], env);
    const disabled = await runInHost(['users', 'disable', '1'], env);

    expect(JSON.parse(stdout).applied).not.toEqual([]);
    expect(disabled).toMatchObject({ exitCode: 1, stderr: 'There is no such user.\n' });
    expect(tablesIn(join(folder, 'tandem.db'))).toContain('tandem_users');
  });

  it('starts no server', async () => {
    const { exitCode, stderr } = await runInHost(['start'], {});

    expect(exitCode).toBe(2);
    expect(stderr).toContain('Usage: tandem ');
  });
});

describe('openapi.json', () => {
  it('is what the source says', async () => {
    const root = resolve(__dirname, '../..');

    expect(await runCli(['openapi', '--check'], {}, root)).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });
});
