import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { emptyDirectory, ServerProcess } from '../support/server-process';
import { startMariaDb } from '../support/servers/mariadb';
import { describeStandard, freshDatabase } from '../support/stores';

const refusal = async (env: Record<string, string>) => {
  const { exitCode, output } = await ServerProcess.runToExit(env);
  return { exitCode, last: output.split('\n').at(-1) };
};

describeStandard('a MySQL that no retry can mend ends the start with a sentence', () => {
  let url: URL;

  beforeAll(async () => {
    url = new URL(await freshDatabase());
  });

  const execute = async (statement: string) => {
    const connection = await createConnection(url.href);
    await connection.query(statement);
    await connection.end();
  };

  it('when there is no such database', async () => {
    const DATABASE_URL = new URL('/no_such_database', url).href;

    expect(await refusal({ DATABASE_URL })).toEqual({
      exitCode: 1,
      last: "The database cannot be used: Unknown database 'no_such_database'",
    });
  });

  it('when it does not know the user', async () => {
    const stranger = new URL(url);
    [stranger.username, stranger.password] = ['stranger', 'of nobody'];

    expect(await refusal({ DATABASE_URL: stranger.href })).toEqual({
      exitCode: 1,
      last: expect.stringContaining("Access denied for user 'stranger'"),
    });
  });

  it('when a table of another application has the name of one of ours', async () => {
    await execute('CREATE TABLE users (nick VARCHAR(20))');

    expect(await refusal({ DATABASE_URL: url.href })).toEqual({
      exitCode: 1,
      last: expect.stringContaining('set TABLE_PREFIX'),
    });
  });
});

describeStandard('a MySQL that is away at the start', () => {
  it('and turns out to be unusable later ends the process, too', async () => {
    const mariaDb = await startMariaDb();
    await mariaDb.kill();
    const DATABASE_URL = `${mariaDb.url}/no_such_database`;
    const server = await ServerProcess.start({ DATABASE_URL });
    expect((await server.get('/health/ready')).status).toBe(503);

    const exited = once(server.child, 'exit');
    await mariaDb.restart();

    expect(await exited).toEqual([1, null]);
    // Jobs of the background say at the same time that they work again.
    expect(server.output.slice(-10).join('\n')).toContain("Unknown database 'no_such_database'");
    await mariaDb.remove();
  });
});

describe('a SQLite file that no retry can mend ends the start with a sentence', () => {
  it.each([
    [
      'is none',
      (file: string) => writeFileSync(file, 'a text of 32 bytes and of no use.'.repeat(99)),
    ],
    ['is a directory', (file: string) => mkdirSync(file)],
  ])('when it %s', async (_, make) => {
    const file = join(emptyDirectory(), 'tandem.db');
    make(file);

    expect(await refusal({ DATABASE_URL: `sqlite:${file}` })).toEqual({
      exitCode: 1,
      last: expect.stringMatching(/^The database cannot be used: /),
    });
  });
});
