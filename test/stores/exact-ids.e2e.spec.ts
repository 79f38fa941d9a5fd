import { PasswordGrantsService } from '../../src/auth/password-grants.service';
import { TokenService } from '../../src/auth/token.service';
import { Snowflake } from '../../src/common/snowflake';
import { decodeJwt } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { registerUser } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

/** None of them survives a round trip through a double. */
const IDS = ['9007199254740993', '884142313217933313', '9223372036854775807'];
/** Every column that holds the id of a user. */
const COLUMNS = { users: 'id', user_profiles: 'id', sessions: 'user_id' };

describe.each(MODES)('64-bit ids (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  /** Registers a user with an id that the generator gives in another year. */
  async function register(id: string): Promise<void> {
    jest.spyOn(app.nest.get(Snowflake), 'next').mockReturnValueOnce(id);
    await registerUser(app, randomMobile());
  }

  it.each(IDS)('rule 14: the id %s is a string in JSON and exact in every store', async (id) => {
    await register(id);

    const session = await app.nest
      .get(PasswordGrantsService)
      .forUser(id, null, { address: '192.0.2.1' });
    const token = app.nest.get(TokenService).signAccess(session);

    const headers = { authorization: `Bearer ${token}` };
    const me = await (await fetch(`${app.baseUrl}/users/me`, { headers })).text();
    expect(me).toContain(`{"id":"${id}",`);
    expect(decodeJwt(token).claims).toMatchObject({ sub: id, sid: session.id });
    for (const [table, column] of Object.entries(COLUMNS)) {
      const query = `SELECT CAST(${column} AS CHAR(20)) AS digits FROM ${table} WHERE ${column} = ${id}`;
      expect(await app.sql.query(query)).toEqual([{ digits: id }]);
    }
  });

  it('rule 14: users and sessions have ids of more than 53 and less than 64 bits', async () => {
    const { sub, sid } = decodeJwt((await app.logIn()).token).claims;

    for (const id of [sub, sid]) {
      expect(id).toMatch(/^[1-9][0-9]*$/);
      expect(BigInt(id as string)).toBeGreaterThan(2n ** 53n);
      expect(BigInt(id as string)).toBeLessThan(2n ** 63n);
    }
  });
});
