import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { runCli } from '../support/cli';
import { emptyDirectory } from '../support/server-process';

const COMMANDS = ['start', 'migrate', 'doctor', 'users', 'keys', 'secret', 'openapi'];
const PROGRESS = resolve(__dirname, '../../dist/cli/progress.js');

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

describe('openapi.json', () => {
  it('is what the source says', async () => {
    const root = resolve(__dirname, '../..');

    expect(await runCli(['openapi', '--check'], {}, root)).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });
});
