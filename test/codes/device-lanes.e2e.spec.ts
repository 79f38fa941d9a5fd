import { randomUUID } from 'node:crypto';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import type { E164 } from '../../src/common/phone-number';
import { UserDevice } from '../../src/sessions/device.entity';
import { DevicesService } from '../../src/sessions/devices.service';
import { User } from '../../src/users/user.entity';
import { UsersService } from '../../src/users/users.service';
import { fromNewAddress } from '../support/address';
import { otherThan } from '../support/codes';
import { randomCredentials } from '../support/credentials';
import { formerDeviceToken } from '../support/device-tokens';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

const DAY = 86_400_000;
const TEST_NUMBER = '+8613800000001';
const TEST_CODE = '135790';
const SETTINGS = {
  TRUST_PROXY: '1',
  JWT_SECRET: randomUUID(),
  TEST_NUMBERS: `${TEST_NUMBER}:${TEST_CODE}@2099-01-01`,
  LIMITS: [
    'codes-per-address=99/1h',
    'code-cooldown=99/1h',
    'codes-per-number=99/1d',
    'codes-per-number-and-network=99/1d',
  ].join(),
};

const idOf = ({ device_token }: LoggedIn) => device_token.split('.')[0]!;

const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

describe.each(MODES)('what a device token is worth (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: SETTINGS });
  });
  afterAll(() => app.close());

  const deviceOf = (mobile: string, token: string) =>
    app.nest.get(DevicesService).deviceOf(mobile as E164, token);
  const logInOn = (count: number, mobile = randomMobile()) =>
    Array.from({ length: count }).reduce<Promise<LoggedIn[]>>(
      async (before) => [...(await before), await app.logIn(mobile)],
      Promise.resolve([]),
    );
  const whoseLive = async (logins: LoggedIn[]) => {
    const devices = await Promise.all(
      logins.map(({ mobile, device_token }) => deviceOf(mobile, device_token)),
    );
    return devices.map((device) => device !== null);
  };
  const devicesOf = ({ token }: LoggedIn) =>
    app.sql.getRepository(UserDevice).countBy({ userId: userIdOf(token) });
  const guess = async (mobile: string, code: string, device_token?: string) =>
    (await app.post('/auth/tokens', { mobile, code, device_token }, fromNewAddress())).status;
  /** Strangers guess until nothing of theirs is judged any more. */
  const exhaust = async (mobile: string, code: string) => {
    for (let offset = 1; offset <= 5; offset++) await guess(mobile, otherThan(code, offset));
  };

  it('is nothing in the hands of a former owner, and the new one gets in', async () => {
    const kept = await logInOn(3);
    const { mobile, token } = kept[0]!;
    await app.sql.getRepository(User).delete({ id: userIdOf(token) });
    const owner = await app.logIn(mobile);
    const { code } = await app.requestCode(mobile, { device_token: owner.device_token });
    await exhaust(mobile, code);

    const guesses: number[] = [];
    for (const { device_token } of kept) guesses.push(await guess(mobile, code, device_token));

    expect(guesses).toEqual([400, 400, 400]);
    expect(await guess(mobile, code, owner.device_token)).toBe(201);
  });

  it('is nothing from the end of all sessions on, but on the device that ended them', async () => {
    const [acting, ...others] = await logInOn(3);
    const { mobile, token, device_token } = acting!;
    await app.delete('/auth/sessions', { token });
    const { code } = await app.requestCode(mobile, { device_token });
    await exhaust(mobile, code);

    const guesses: number[] = [];
    for (const other of others) guesses.push(await guess(mobile, code, other.device_token));

    expect(guesses).toEqual([400, 400]);
    expect(await guess(mobile, code, device_token)).toBe(201);
  });

  it('is nothing once a password is set on another device', async () => {
    const [acting, other] = await logInOn(2);

    await app.put('/users/me/password', randomCredentials(), { token: acting!.token });

    expect(await whoseLive([acting!, other!])).toEqual([true, false]);
  });

  it('is nothing when the session that ends the others is one by password', async () => {
    const [user] = await logInOn(1);
    const credentials = randomCredentials();
    await app.put('/users/me/password', credentials, { token: user!.token });
    const { body } = await app.post('/auth/login', credentials);

    await app.delete('/auth/sessions', { token: body.token });

    expect(await whoseLive([user!])).toEqual([false]);
  });

  it('is nothing from the moment that its user is disabled, also when enabled again', async () => {
    const logins = await logInOn(2);
    const id = userIdOf(logins[0]!.token);

    await app.nest.get(UserOperationsService).disable(id);
    await app.nest.get(UsersService).enable(id);

    expect(await whoseLive(logins)).toEqual([false, false]);
  });

  it('is nothing once no login has shown it for 90 days, as after its owner left the number', async () => {
    const [left, used] = await logInOn(2);
    const devices = app.sql.getRepository(UserDevice);
    await devices.update({ id: idOf(left!) }, { lastUsedAt: daysAgo(90) });
    await devices.update({ id: idOf(used!) }, { lastUsedAt: daysAgo(89) });

    expect(await whoseLive([left!, used!])).toEqual([false, true]);
    const { body } = await app.get('/auth/devices', { token: used!.token });
    expect(body).toHaveLength(1);
    const { mobile, device_token } = left!;
    const again = await app.logIn(mobile, { device_token });
    expect(again.device_token).not.toBe(device_token);
    expect(await whoseLive([left!, used!, again])).toEqual([false, true, true]);
  });

  it('is nothing for another number', async () => {
    const [own, foreign] = [await app.logIn(), await app.logIn()];
    const { device_token } = foreign;

    const again = await app.logIn(own.mobile, { device_token });

    expect(await deviceOf(own.mobile, device_token)).toBeNull();
    expect(again.device_token).not.toBe(device_token);
    expect(await whoseLive([own, foreign, again])).toEqual([true, true, true]);
  });

  it('ends with the sixth device for the one that logged in longest ago', async () => {
    const logins = await logInOn(5);
    const { mobile, device_token } = logins[0]!;
    const again = await app.logIn(mobile, { device_token });

    const sixth = await app.logIn(mobile);

    expect(again.device_token).toBe(device_token);
    expect(await whoseLive([...logins, sixth])).toEqual([true, false, true, true, true, true]);
    expect(await devicesOf(sixth)).toBe(5);
  });

  it('is the same after logins at once that show it', async () => {
    const { device_token: shown } = await logInWithTestCode();
    const logInOnIt = () => logInWithTestCode({ device_token: shown });

    const logins = await Promise.all([logInOnIt(), logInOnIt()]);

    expect(logins.map(({ device_token }) => device_token)).toEqual([shown, shown]);
  });

  it('is something for five devices of a user, also when several log in at once', async () => {
    const rounds: LoggedIn[][] = [];
    for (let round = 0; round < 3; round++)
      rounds.push(await Promise.all([0, 1, 2].map(() => logInWithTestCode())));

    const live = (await Promise.all(rounds.map(whoseLive))).map((of) => of.filter(Boolean).length);
    expect(live).toEqual([0, 2, 3]);
    expect(await devicesOf(rounds[0]![0]!)).toBe(5);
  });

  describe('of release 0.1.0', () => {
    it('is one device for all of a number, for 30 days', async () => {
      const user = await app.logIn();
      await registeredBefore(user, 60);
      const [one, other, last, old] = [0, 0, 30, 31].map((days) =>
        formerDeviceToken(app, user.mobile, days),
      );

      const device = await deviceOf(user.mobile, one!);

      expect(device).not.toBeNull();
      expect(await deviceOf(user.mobile, other!)).toBe(device);
      expect(await deviceOf(user.mobile, last!)).toBe(device);
      expect(await deviceOf(user.mobile, old!)).toBeNull();
      expect(await deviceOf(randomMobile(), one!)).toBeNull();
    });

    it('is nothing when it is older than the user of the number', async () => {
      const { mobile } = await app.logIn();

      expect(await deviceOf(mobile, formerDeviceToken(app, mobile, 1))).toBeNull();
    });

    it('is exchanged for a device by the next login', async () => {
      const { mobile } = await app.logIn();
      const former = { device_token: formerDeviceToken(app, mobile) };

      const login = await app.logIn(mobile, former);

      expect(await deviceOf(mobile, login.device_token)).toBe(idOf(login));
      expect(await devicesOf(login)).toBe(2);
    });
  });

  it('is kept when the secret changes, and the next login renews it', async () => {
    const { mobile, device_token } = await app.logIn();
    const JWT_SECRET_PREVIOUS = SETTINGS.JWT_SECRET;
    app = await app.restart({ env: { JWT_SECRET: randomUUID(), JWT_SECRET_PREVIOUS } });

    const renewed = await app.logIn(mobile, { device_token });

    expect(renewed.device_token).not.toBe(device_token);
    expect(await deviceOf(mobile, renewed.device_token)).toBe(await deviceOf(mobile, device_token));
    expect(await devicesOf(renewed)).toBe(1);
  });

  async function logInWithTestCode(shown = {}): Promise<LoggedIn> {
    const request = { mobile: TEST_NUMBER, code: TEST_CODE };
    const { status, body } = await app.post(
      '/auth/tokens',
      { ...request, ...shown },
      fromNewAddress(),
    );
    if (status !== 201) throw new Error(`No login: ${JSON.stringify(body)}`);
    return { ...body, ...request };
  }

  function registeredBefore({ token }: LoggedIn, days: number): Promise<unknown> {
    const users = app.sql.getRepository(User);
    return users.decrement({ id: userIdOf(token) }, 'createdAt', days * DAY);
  }
});
