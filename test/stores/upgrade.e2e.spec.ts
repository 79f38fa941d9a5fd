import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { formerDeviceToken } from '../support/device-tokens';
import { userIdOf } from '../support/jwt';
import { readSchema } from '../support/schema';
import { freshStores, MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

/** What release 0.1.0 left: its tables, the record of its migration, and one user. */
const RELEASE = resolve(__dirname, '../support/release-0.1.0');
const USER = { id: '42', mobile: '+8613800000042' };

describe.each(MODES)('a database of release 0.1.0 (%s)', (mode) => {
  it('is used as it is: its users log in, and no table or column is lost', async () => {
    const stores = await freshStores(mode);
    const options = { ...dataSourceOptions(parseEnv(stores)), entities: [], migrations: [] };
    const database = await new DataSource(options).initialize();
    const statements = readFileSync(`${RELEASE}/${mode}.sql`, 'utf8').split(/;\n/);
    for (const statement of statements.filter(Boolean)) await database.query(statement);
    // Of whom a code was proved lately.
    await database.query('UPDATE users SET verified_at = ?', [Date.now()]);
    const before = await readSchema(database, mode);

    const app = await TestApp.start({ mode, env: stores });
    await app.untilReady();
    const device_token = formerDeviceToken(app, USER.mobile);
    const { token, refresh_token: refreshToken } = await app.logIn(USER.mobile, { device_token });
    const { body: devices } = await app.get('/auth/devices', { token });
    const refreshed = await app.put('/auth/tokens', undefined, { token: refreshToken });
    const left = await app.delete('/auth/tokens', { token });

    expect([userIdOf(token), refreshed.status, left.status]).toEqual([USER.id, 201, 204]);
    expect(devices).toMatchObject([{ current: true }]);
    const { schema, migrations } = await readSchema(database, mode);
    // Which may be null by now.
    const kept = before.schema.filter((one) => !one.startsWith('users mobile '));
    expect(schema).toEqual(expect.arrayContaining(kept));
    expect(migrations.slice(0, before.migrations.length)).toEqual(before.migrations);
    expect(migrations.length).toBeGreaterThan(before.migrations.length);
    await app.close();
    await database.destroy();
  });
});
