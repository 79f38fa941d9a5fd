import type { DeviceDto } from '../../src/auth/dto/device.dto';
import { UserDevice } from '../../src/sessions/device.entity';
import { Session } from '../../src/sessions/session.entity';
import { registerWithPassword } from '../support/credentials';
import { CONTRACTS } from '../support/contracts';
import { sessionIdOf } from '../support/jwt';
import { expectRefusal } from '../support/refusal';
import { logInAgain } from '../support/sessions';
import { type LoggedIn, TestApp } from '../support/test-app';

const QUARTER_HOUR = 15 * 60_000;
const APP = { 'user-agent': 'ShopApp/2.1 (iPhone; iOS 26)' };

const idOf = ({ device_token }: LoggedIn) => device_token.split('.')[0]!;

describe.each(CONTRACTS)('the devices of a user (%s)', (_name, contract) => {
  let app: TestApp;
  let first: LoggedIn;
  let second: LoggedIn;

  beforeAll(async () => {
    const LIMITS = 'code-cooldown=99/1h,codes-per-address=999/1h';
    app = await TestApp.start({ ...contract, env: { TRUST_PROXY: '1', LIMITS } });
  });
  beforeEach(async () => {
    first = await app.logIn();
    second = await app.logIn(first.mobile);
  });
  afterAll(() => app.close());

  const list = async ({ token }: { token: string }): Promise<DeviceDto[]> =>
    (await app.get('/auth/devices', { token })).body;
  const end = (id: string, { token }: LoggedIn = second) =>
    app.delete(`/auth/devices/${id}`, { token });

  it('are listed, the one that logged in last first, and the current one is marked', async () => {
    await app.logIn();
    const { mobile, device_token } = first;
    const again = await app.logIn(mobile, { device_token });

    expect((await list(second)).map(({ id, current }) => [id, current])).toEqual([
      [idOf(first), false],
      [idOf(second), true],
    ]);
    expect((await list(again)).map(({ current }) => current)).toEqual([true, false]);
  });

  it('are none of them current for a session by password', async () => {
    const user = await registerWithPassword(app);

    const devices = await list(await logInAgain(app, user));

    expect(devices.map(({ current }) => current)).toEqual([false]);
  });

  it('tell their name, their coarse network and their times, and nothing more', async () => {
    const { mobile, code } = await app.requestCode(first.mobile);
    const request = { mobile, code, device_token: first.device_token };
    const headers = { ...APP, 'x-forwarded-for': '203.0.113.77' };
    const { body: login } = await app.post('/auth/tokens', request, { headers });
    const quarter = Math.floor(Date.now() / QUARTER_HOUR - 4) * QUARTER_HOUR;
    const createdAt = new Date(quarter - 86_400_001);
    const lastUsedAt = new Date(quarter + QUARTER_HOUR - 1);
    await app.sql.getRepository(UserDevice).update({ id: idOf(first) }, { createdAt, lastUsedAt });

    const devices = await list(login);

    expect(devices.find(({ current }) => current)).toEqual({
      id: idOf(first),
      current: true,
      device: 'ShopApp on iOS',
      network: '203.0.113.0/24',
      created_at: createdAt.toISOString(),
      last_used_at: new Date(quarter).toISOString(),
    });
  });

  it('end one by one, and sessions go on', async () => {
    const { status, body } = await end(idOf(first));

    expect([status, body]).toEqual([204, '']);
    expect((await list(first)).map(({ id }) => id)).toEqual([idOf(second)]);
    expectRefusal(await end(idOf(first)), 'NOT_FOUND');
    const { mobile, device_token } = first;
    expect((await app.logIn(mobile, { device_token })).device_token).not.toBe(device_token);
  });

  it('end only soon after a login', async () => {
    const createdAt = new Date(Date.now() - 601_000);
    await app.sql.getRepository(Session).update({ id: sessionIdOf(second.token) }, { createdAt });

    expectRefusal(await end(idOf(first)), 'RECENT_LOGIN_REQUIRED');

    expect(await list(second)).toHaveLength(2);
  });

  it('answer 404 for what is none of the own in its one spelling, and nothing is ended', async () => {
    const [own, foreign] = [idOf(first), idOf(await app.logIn())];
    const others = [foreign, '1', `0${own}`, `${own}x`, first.device_token, '9999999999999999999'];
    const before = await app.sql.getRepository(UserDevice).count();

    for (const id of [...others, encodeURIComponent("0' OR '1'='1")]) {
      expectRefusal(await end(id), 'NOT_FOUND');
    }

    expect(await app.sql.getRepository(UserDevice).count()).toBe(before);
  });

  it('are shown and ended with an access token only', async () => {
    const { refresh_token: token } = first;
    for (const [method, path] of [
      ['GET', '/auth/devices'],
      ['DELETE', '/auth/devices/1'],
    ] as const) {
      expectRefusal(await app.send(method, path), 'UNAUTHORIZED');
      const answer = await app.send(method, path, undefined, { token });
      expectRefusal(answer, 'REFRESH_TOKEN_NOT_ALLOWED');
    }
  });
});
