import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../support/cli';
import { emptyDirectory } from '../support/server-process';

const USERS = `mobile,name
+4915112345678,Li Wei
+49301234567,Ana
`;

describe('tandem users import and export', () => {
  const [folder, env] = [emptyDirectory(), { DATA_DIR: emptyDirectory() }];

  const users = (...parameters: string[]) => runCli(['users', ...parameters], env, folder);
  const write = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);

  it('say what happened, where the report is, and fail when a line was refused', async () => {
    write('users.csv', USERS);

    const trial = await users('import', 'users.csv', '--format', 'csv', '--dry-run');
    expect(trial.stdout).toBe(
      'Would import 1 user; 0 there already.\n1 line refused: see users.csv.refused.csv.\n',
    );
    const result = await users('import', 'users.csv', '--format', 'csv', '--report', 'why.csv');
    expect(result).toEqual({
      exitCode: 1,
      stdout: 'Imported 1 user; 0 there already.\n1 line refused: see why.csv.\n',
      stderr: '',
    });
    expect(readFileSync(join(folder, 'why.csv'), 'utf8')).toMatch(/^line,reason\n3,"mobile must /);
  });

  it('write a file that is nobody else’s to read, and over none', async () => {
    const first = await users('export', 'all.ndjson', '--as', 'Ana');
    expect(first).toEqual({ exitCode: 0, stdout: '', stderr: 'Exported 1 user.\n' });
    expect(statSync(join(folder, 'all.ndjson')).mode & 0o777).toBe(0o600);
    expect((await users('export', 'all.ndjson')).exitCode).toBe(1);
    expect((await users('export', '-')).stdout).toContain('"mobile":"+4915112345678"');
  });

  it('say what is wrong before they begin', async () => {
    write('latin1.csv', Buffer.from('mobile,name\n+4915112345679,Zo\xeb\n', 'latin1'));
    write('other.csv', 'phone\n+4915112345679\n');

    const problems = await Promise.all([
      users('import', 'users.csv', '--format', 'xml'),
      users('import', 'absent.csv', '--format', 'csv'),
      users('import', 'users.csv', '--format', 'firebase'),
      users('import', 'latin1.csv', '--format', 'csv'),
      users('import', 'other.csv', '--format', 'csv'),
    ]);

    expect(problems.map(({ exitCode }) => exitCode)).toEqual([2, 1, 1, 1, 1]);
    const [, ...told] = problems.map(({ stderr }) => stderr);
    expect(told).toEqual([
      'There is no file absent.csv.\n',
      expect.stringMatching(/^FIREBASE_SIGNER_KEY must be set/),
      'The file is not UTF-8.\n',
      expect.stringMatching(/^The header names phone: columns are mobile, name, /),
    ]);
    expect(existsSync(join(folder, 'absent.csv.refused.csv'))).toBe(false);
  });
});
