import { createConnection } from 'mysql2/promise';
import type { Answer } from '../support/client';
import { inTime } from '../support/deadline';
import { randomMobile } from '../support/mobile';
import { emptyDirectory, ServerProcess } from '../support/server-process';
import type { PrivateServer } from '../support/servers/private-server';
import { type Galera, isGaleraInstalled, startGalera } from '../support/servers/galera';
import { SmsInbox } from '../support/sms-inbox';
import { freshDatabase } from '../support/stores';
import { smsEnv } from '../support/sms-env';
import { until } from '../support/until';

/** What docs/storage.md tells operators to set. */
const SETTINGS = ['--wsrep-retry-autocommit=4'];

(isGaleraInstalled() ? describe : describe.skip)(
  'two nodes, each on its own node of Galera',
  () => {
    let galera: Galera;
    let inbox: SmsInbox;
    let one: ServerProcess;
    let other: ServerProcess;

    beforeAll(async () => {
      galera = await startGalera(...SETTINGS);
      inbox = await SmsInbox.open();
      const url = new URL(await freshDatabase(galera.nodes[0].url));
      const common = { ...smsEnv(inbox), LOG_LEVEL: 'info', DATA_DIR: emptyDirectory() };
      const start = (port: number) => {
        url.port = String(port);
        return ServerProcess.start({ ...common, TRUST_PROXY: '1', DATABASE_URL: url.href });
      };
      one = await start(galera.nodes[0].port);
      other = await start(galera.nodes[1].port);
    }, 180_000);
    afterAll(async () => {
      await Promise.all([one, other].map((server) => server.stop('SIGKILL')));
      await inbox.close();
      await galera.remove();
    });

    const askForCode = async (mobile = randomMobile()) => {
      await one.post('/auth/codes', { mobile });
      return { mobile, code: inbox.codeFor(mobile) };
    };
    const logIn = async () => (await one.post('/auth/tokens', await askForCode())).body;

    it('what one has opened the other refreshes and ends at once, however far it is behind', async () => {
      const behind = await holdBack(galera.nodes[1]);
      const { token, refresh_token } = await logIn();

      let isEarly = false;
      const refreshing = other.put('/auth/tokens', undefined, { token: refresh_token });
      const answered = refreshing.then(() => (isEarly = true));
      await Promise.race([answered, until(() => behind.isAwaited())]);
      const wasEarly = isEarly;
      await behind.catchUp();
      const refreshed = await refreshing;
      const logout = await other.delete('/auth/tokens', { token });

      expect(wasEarly).toBe(false);
      expect([refreshed.status, logout.status]).toEqual([201, 204]);
      await until(async () => (await one.get('/users/me', { token })).status === 401);
      expect((await one.put('/auth/tokens', undefined, { token: refresh_token })).status).toBe(403);
    });

    it('rule 6: a code succeeds once, with 10 logins on both at the same time', async () => {
      const request = await askForCode();
      const logins = Array.from({ length: 10 }, (_, turn) =>
        [one, other][turn % 2]!.post('/auth/tokens', request),
      );

      expect(statusesOf(await Promise.all(logins))).toEqual([201, ...Array(9).fill(400)]);
    });

    it('logins of one user on both at the same time all succeed', async () => {
      const { token } = await logIn();
      const credentials = { username: `u${Date.now()}`, password: 'correct horse battery' };
      await one.put('/users/me/password', credentials, { token });

      const logins = Array.from({ length: 8 }, (_, turn) =>
        [one, other][turn % 2]!.post('/auth/login', credentials),
      );

      expect(statusesOf(await Promise.all(logins))).toEqual(Array(8).fill(201));
      const { body } = await one.get('/auth/sessions', { token });
      expect(body).toHaveLength(9);
    });

    it('writes that collide at the commit are made again', async () => {
      const { token } = await logIn();

      const changes = Array.from({ length: 12 }, (_, turn) =>
        [one, other][turn % 2]!.patch('/users/me', { name: `n${turn}` }, { token }),
      );

      expect(statusesOf(await Promise.all(changes))).toEqual(Array(12).fill(200));
      const retry = /ER_LOCK_DEADLOCK.*Retrying a transaction/;
      expect(await Promise.race([one.printed(retry), other.printed(retry)])).toBeTruthy();
    });

    it('one that is cut off from the majority is unavailable, and never wrong', async () => {
      const [session, request] = [await logIn(), await askForCode()];
      await galera.nodes[0].kill();
      await until(async () => (await other.get('/health/ready')).status === 503);

      const answers = await Promise.all(
        [
          other.put('/auth/tokens', undefined, { token: session.refresh_token }),
          other.post('/auth/tokens', request),
          other.delete('/auth/tokens', { token: session.refresh_token }),
          other.get('/users/me', { token: session.token }),
        ].map(inTime),
      );

      expect(statusesOf(answers)).toEqual(Array(4).fill(503));
    });
  },
);

const statusesOf = (answers: Answer[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

/** Lets a node hear of changes and not apply them. */
async function holdBack({ url }: PrivateServer) {
  const connection = await createConnection(url);
  await connection.query('SET SESSION wsrep_sync_wait = 0');
  await connection.query('SET GLOBAL wsrep_desync = ON');
  await connection.query('FLUSH TABLES WITH READ LOCK');
  return {
    /** Whether somebody waits to read users until it has caught up. */
    isAwaited: async () => {
      const [rows] = await connection.query(
        `SELECT 1 FROM information_schema.processlist
          WHERE info LIKE 'SELECT %users%' AND id <> CONNECTION_ID()`,
      );
      return (rows as unknown[]).length > 0;
    },
    catchUp: async () => {
      await connection.query('UNLOCK TABLES');
      await connection.query('SET GLOBAL wsrep_desync = OFF');
      await connection.end();
    },
  };
}
