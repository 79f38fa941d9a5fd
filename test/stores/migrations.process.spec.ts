import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { signUp } from '../support/secrets';
import { emptyDirectory, ServerProcess } from '../support/server-process';
import { freePort } from '../support/servers/free-port';
import { freshStores, MODES } from '../support/stores';

const CLI = resolve(__dirname, '../../dist/cli/migrate.js');

async function runCli(env: Record<string, string>): Promise<string> {
  const options = { cwd: emptyDirectory(), env: { PATH: process.env.PATH, ...env } };
  const { stdout } = await promisify(execFile)(process.execPath, [CLI], options);
  return stdout.trim();
}

async function appliedMigrations(env: Record<string, string>): Promise<string[]> {
  const database = await new DataSource(dataSourceOptions(parseEnv(env))).initialize();
  const rows: { name: string }[] = await database.query('SELECT name FROM migrations');
  await database.destroy();
  return rows.map(({ name }) => name);
}

describe.each(MODES)('migrating (%s)', (mode) => {
  it('happens once when two servers start at once, and both have one secret', async () => {
    const env = await freshStores(mode);

    const [one, other] = await Promise.all([ServerProcess.start(env), ServerProcess.start(env)]);

    const answers = [await one.get('/health/ready'), await other.get('/health/ready')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect([...one.output, ...other.output].join()).not.toMatch(/not reachable/);
    expect(await appliedMigrations(env)).toEqual(['CreateTables1767225600000']);
    const { token } = await signUp(one);
    expect((await other.get('/users/me', { token })).status).toBe(200);
    await Promise.all([one.stop('SIGKILL'), other.stop('SIGKILL')]);
  });

  it('is a command that can be repeated', async () => {
    const env = await freshStores(mode);

    expect(await runCli(env)).toBe('Applied CreateTables1767225600000.');
    expect(await runCli(env)).toBe('Nothing to migrate.');
    expect(await appliedMigrations(env)).toEqual(['CreateTables1767225600000']);
  });
});

describe('the command that migrates', () => {
  it('says what is wrong and fails when there is no database', async () => {
    const DATABASE_URL = `mysql://root@127.0.0.1:${await freePort()}/tandem`;

    await expect(runCli({ DATABASE_URL })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ECONNREFUSED'),
    });
    await expect(runCli({ DATABASE_URL: 'nowhere' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('DATABASE_URL must be'),
    });
  });
});
