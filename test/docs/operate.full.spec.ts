import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { lapseCooldown } from '../support/lapse';
import { isInstalled } from '../support/servers/installed';
import { newDataDirectory } from '../support/servers/private-server';
import { describeStandard, freshDatabase, type Mode, MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const ROOT = resolve(__dirname, '../..');
const OPERATE = readFileSync(join(ROOT, 'docs/operate.md'), 'utf8');

describe('the runbook', () => {
  it('quotes log lines that there are', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
    const sources = files
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(ROOT, 'src', file));
    const code = sources.map((file) => readFileSync(file, 'utf8')).join('\n');

    const quoted = [...OPERATE.matchAll(/`log: ([^`]+)`/g)].map(([, text]) => text!);

    expect(quoted.length).toBeGreaterThan(5);
    expect(quoted.filter((text) => !code.includes(text))).toEqual([]);
  });
});

/** How a store is saved and brought back: as docs/operate.md says. */
const BACKUPS: Record<Mode, { programs: string[]; backUp: string; restore: string }> = {
  embedded: {
    programs: ['sqlite3'],
    backUp: `sqlite3 "$DATA_DIR/tandem.db" ".backup $BACKUP"`,
    restore: `rm "$DATA_DIR"/tandem.db*; cp "$BACKUP" "$DATA_DIR/tandem.db"`,
  },
  standard: {
    programs: ['mysqldump', 'mysql'],
    backUp: `mysqldump $SERVER --single-transaction "$DATABASE" > "$BACKUP"`,
    restore: `mysql $SERVER -e "DROP DATABASE $DATABASE; CREATE DATABASE $DATABASE" && mysql $SERVER "$DATABASE" < "$BACKUP"`,
  },
};

describe.each(MODES.filter((mode) => isInstalled(...BACKUPS[mode].programs)))(
  'a restore of an older backup (%s)',
  (mode) => {
    const { backUp, restore } = BACKUPS[mode];

    it('undoes logouts until JWT_SECRET is another, and keeps every user', async () => {
      const before = await TestApp.start({ mode });
      const run = shellFor(before);
      const { mobile, token, refresh_token } = await before.logIn();
      const { id } = (await before.get('/users/me', { token })).body;
      const refreshAt = (app: TestApp) =>
        app.put('/auth/tokens', undefined, { token: refresh_token });
      run(backUp);
      await before.delete('/auth/tokens', { token });
      expect((await refreshAt(before)).status).toBe(403);

      const restored = await before.restart({ whileDown: () => run(restore) });
      expect((await refreshAt(restored)).status).toBe(201);

      const safe = await restored.restart({ env: { JWT_SECRET: 'another secret than before' } });
      expect((await refreshAt(safe)).status).toBe(403);
      await lapseCooldown(safe, mobile);
      expect((await safe.get('/users/me', await safe.logIn(mobile))).body.id).toBe(id);
      await safe.close();
    });
  },
);

/** Runs commands that know where the stores of an application are, and where to put a backup. */
function shellFor({ env }: TestApp): (command: string) => void {
  const { port, pathname } = new URL(env.DATABASE_URL ?? 'mysql://none');
  const SERVER = `--no-defaults --protocol=tcp -h 127.0.0.1 -u root -P ${port}`;
  const BACKUP = join(newDataDirectory('backup'), 'tandem');
  const variables = { ...process.env, ...env, BACKUP, SERVER, DATABASE: pathname.slice(1) };
  return (command) => {
    execFileSync('bash', ['-euc', command], { env: variables, stdio: 'pipe' });
  };
}

describeStandard('the rights of SQL that docs/operate.md grants', () => {
  let database: string;
  let connection: Connection;

  beforeAll(async () => {
    database = await freshDatabase();
    connection = await createConnection(database);
  });
  afterAll(() => connection.end());

  const startWith = async (rights: string) => {
    const url = new URL(database);
    const name = url.pathname.slice(1);
    url.username = `user_${randomUUID().slice(0, 8)}`;
    await connection.query(`CREATE USER '${url.username}'@'%'`);
    await connection.query(`GRANT ${rights} ON ${name}.* TO '${url.username}'@'%'`);
    return TestApp.start({ mode: 'standard', env: { DATABASE_URL: url.href } });
  };

  it('are enough to migrate, and four of them to serve', async () => {
    const [toMigrate, toServe] = [...OPERATE.matchAll(/^GRANT (.*) ON tandem/gm)];
    await (await startWith(toMigrate![1]!)).close();

    const app = await startWith(toServe![1]!);
    const { refresh_token, token } = await app.logIn();

    const refreshed = await app.put('/auth/tokens', undefined, { token: refresh_token });
    expect(refreshed.status).toBe(201);
    expect((await app.delete('/auth/tokens', { token })).status).toBe(204);
    await app.close();
  });
});
