import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/servers/free-port';
import { superviseMariaDb, withMariaDb } from '../support/servers/mariadb';
import type { PrivateServer } from '../support/servers/private-server';
import { describeStandard } from '../support/stores';
import { TestApp } from '../support/test-app';

describeStandard('DATABASE_URL', () => {
  const socket = join(mkdtempSync(join(tmpdir(), 'tandem-socket-')), 'mysqld.sock');
  let mariaDb: PrivateServer;

  beforeAll(async () => {
    mariaDb = await superviseMariaDb({
      port: await freePort(),
      settings: () => ['--skip-log-bin', '--bind-address=127.0.0.1,::1', `--socket=${socket}`],
    });
    await withMariaDb(mariaDb.port, async (connection) => {
      await connection.query("CREATE USER app IDENTIFIED BY '50%off'");
      await connection.query('GRANT ALL PRIVILEGES ON *.* TO app');
    });
  });
  afterAll(() => mariaDb.remove());

  it.each([
    ['an IPv6 address', 'six', () => `[::1]:${mariaDb.port}/six`],
    ['a socket', 'cloud', () => `localhost/cloud?socketPath=${socket}`],
    ['a socket and no host', 'bare', () => `/bare?socketPath=${encodeURIComponent(socket)}`],
    ['a name that needs quotes', 'my-db v2 $', () => `127.0.0.1:${mariaDb.port}/my-db%20v2%20$`],
    ['a percent-encoded name', 'café', () => `127.0.0.1:${mariaDb.port}/caf%C3%A9?charset=utf8mb4`],
  ])('may have %s', async (_what, name, address) => {
    await withMariaDb(mariaDb.port, (connection) =>
      connection.query(`CREATE DATABASE \`${name}\``),
    );

    const env = { DATABASE_URL: `mysql://app:50%25off@${address()}` };
    const app = await TestApp.start({ env });
    const { token } = await app.logIn();

    expect((await app.get('/users/me', { token })).status).toBe(200);
    expect(await app.sql.query('SELECT DATABASE() AS name')).toEqual([{ name }]);
    await app.close();
  });
});
