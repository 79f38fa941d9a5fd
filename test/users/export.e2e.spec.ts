import { DataSource } from 'typeorm';
import { BY_SYSTEM } from '../../src/audit/change';
import { IMPERSONAL_TABLES, PERSONAL_DATA } from '../../src/common/personal-data';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { UsersService } from '../../src/users/users.service';
import { holdBackgroundJobs } from '../support/background-jobs';
import { registerWithPassword } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { lapseLimit } from '../support/lapse';
import { logInByCode } from '../support/operators';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

describe.each(MODES)('GET /users/me/export (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
  });
  afterAll(() => app.close());

  it('has every column that is listed, and none that is kept back', async () => {
    const user = await registerWithPassword(app);
    await app.sql.query('UPDATE sms_deliveries SET verified_at = created_at');
    const markers = await fillColumns(app.sql, userIdOf(user.token));

    const { status, body } = await app.get('/users/me/export', user);

    expect(status).toBe(200);
    const text = JSON.stringify(body);
    const present = (isTold: boolean) =>
      [...markers].filter(([column, marker]) => toldOf(column) === isTold && text.includes(marker));
    expect(present(true).map(([column]) => column)).toEqual(
      [...markers.keys()].filter((column) => toldOf(column)),
    );
    expect(present(false)).toEqual([]);
    expect(present(true).length).toBeGreaterThan(30);
    expect(body).toMatchObject({
      user: { id: userIdOf(user.token), mobile: user.mobile },
      profile: { gender: expect.any(String) },
      sessions: [{ created_at: expect.stringMatching(/Z$/) }],
      devices: [{ network: expect.any(String) }],
    });
  });

  it('lists every column of every table, as erased or kept, told or not', () => {
    const known = Object.fromEntries(
      Object.entries(PERSONAL_DATA).map(([name, { columns }]) => [
        name,
        Object.keys(columns).toSorted(),
      ]),
    );
    const entities = app.sql.entityMetadatas
      .filter(({ tableName }) => !IMPERSONAL_TABLES.includes(tableName))
      .map(({ tableName, columns }) => [
        tableName,
        columns.map(({ databaseName }) => databaseName).toSorted(),
      ]);

    expect(known).toEqual(Object.fromEntries(entities));
    expect(app.sql.entityMetadatas.map(({ tableName }) => tableName)).toEqual(
      expect.arrayContaining([...IMPERSONAL_TABLES]),
    );
  });

  it('names no operator and no reason in their words, and nobody else', async () => {
    const user = await registerWithPassword(app);
    const id = userIdOf(user.token);
    const by = {
      actor: { kind: 'cli', id: 'Clerk Kent', detail: { system_user: 'kent' } } as const,
      origin: { network: '203.0.113.0/24' },
      reason: 'a rude remark',
    };
    await app.nest.get(UserOperationsService).disable(id, by);
    await app.nest.get(UsersService).enable(id, BY_SYSTEM);

    const { body } = await app.get('/users/me/export', await logInByCode(app, user));

    const text = JSON.stringify(body);
    expect(body.history.map(({ action }: { action: string }) => action)).toContain('user.disabled');
    for (const word of ['Kent', 'kent', 'rude', '203.0.113']) expect(text).not.toContain(word);
  });

  it('tells of nobody who had the number before', async () => {
    const former = await app.logIn();
    await app.sql.query(`UPDATE sms_deliveries SET created_at = created_at - 3600000`);
    await app.sql.query(`DELETE FROM users WHERE mobile = '${former.mobile}'`);

    const { body } = await app.get(
      '/users/me/export',
      await logInByCode(app, { ...former, credentials: { username: '', password: '' } }),
    );

    expect(body.messages).toHaveLength(1);
  });

  it('is given once an hour, and costs nothing when it fails', async () => {
    const user = await app.logIn();
    const find = jest.spyOn(app.sql.manager, 'findOneBy').mockRejectedValueOnce(new Error('away'));
    expect((await app.get('/users/me/export', user)).status).toBe(500);
    find.mockRestore();

    expect((await app.get('/users/me/export', user)).status).toBe(200);

    expectRefusal(await app.get('/users/me/export', user), 'TOO_MANY_REQUESTS');
    await lapseLimit(app, 'exports-per-user', userIdOf(user.token));
    expect((await app.get('/users/me/export', user)).status).toBe(200);
  });
});

function toldOf(name: string): boolean {
  const [table, column] = name.split('.') as [string, string];
  const { told, columns } = PERSONAL_DATA[table]!;
  return told !== null && columns[column]!.told !== false;
}

/** By what rows are found, and what decides whether they are the user's own. */
const LEFT_ALONE = new Set([
  'users.id',
  'users.mobile',
  'users.status',
  'users.roles',
  'sessions.challenge_id',
  'audit_events.actor_kind',
  'sms_deliveries.number_ref',
  'sms_deliveries.challenge_id',
  'challenges.mobile',
]);

/** Fills what can be filled without changing whose a row is. @returns a marker for each column. */
async function fillColumns(sql: DataSource, userId: string): Promise<Map<string, string>> {
  const markers = new Map<string, string>();
  let count = 0;
  for (const [name, table] of Object.entries(PERSONAL_DATA)) {
    const key = table.foundBy.user ?? 'id';
    const metadata = sql.entityMetadatas.find(({ tableName }) => tableName === name)!;
    const columns = metadata.columns.filter(({ databaseName, isPrimary }) => {
      const full = `${name}.${databaseName}`;
      return (
        !isPrimary &&
        !LEFT_ALONE.has(full) &&
        databaseName !== key &&
        databaseName !== 'user_id' &&
        !isTime(databaseName)
      );
    });
    const isFoundByUser = table.foundBy.user !== undefined;
    const where = isFoundByUser ? `${key} = ${userId}` : '1 = 1';
    for (const { databaseName, type } of columns) {
      const isText = type === 'varchar';
      const marker = isText ? `m${++count}x` : String(700_000 + ++count);
      const json =
        databaseName === 'detail' || databaseName === 'personal' ? `{"m":"${marker}"}` : marker;
      if (metadata.findColumnWithDatabaseName(databaseName)!.length === '2') continue;
      // One row of many has it: keys may be unique.
      const [row] = await sql.query(`SELECT * FROM ${name} WHERE ${where} ORDER BY 1 DESC LIMIT 1`);
      if (!row) continue;
      const primary = metadata.primaryColumns[0]!.databaseName;
      await sql.query(`UPDATE ${name} SET ${databaseName} = ? WHERE ${primary} = ?`, [
        isText ? json : Number(marker),
        String(row[primary]),
      ]);
      markers.set(`${name}.${databaseName}`, marker);
    }
  }
  return markers;
}

/** Whether a session lives, and how recent a proof is, hangs on them. */
const isTime = (column: string) =>
  /_at$|_since$|^at$|^last_login$|^auth_time$|^expires/.test(column);
