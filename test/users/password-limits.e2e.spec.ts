import { CredentialQueries } from '../../src/auth/credential.queries';
import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { randomCredentials, registerWithPassword } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { lapseLimit } from '../support/lapse';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const PER_USERNAME = 10;
const PER_ADDRESS = 50;
/** Instead of 100, to be reached soon. */
const PER_USERNAME_AND_DAY = 15;
const PER_USER = 30;
/** Instead of 300 and 20. */
const [CHECKS_PER_ADDRESS, PER_DEVICE] = [60, 5];

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

async function inTurn(count: number, login: () => Promise<Answer>): Promise<number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < count; turn++) statuses.push((await login()).status);
  return statuses;
}

describe.each(MODES)('limits on passwords (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    const LIMITS = [
      `passwords-per-username-daily=${PER_USERNAME_AND_DAY}/1d`,
      `password-checks-per-address=${CHECKS_PER_ADDRESS}/10m`,
      `passwords-per-device=${PER_DEVICE}/1d`,
    ].join();
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', LIMITS } });
  });
  afterAll(() => app.close());

  const logIn = (credentials: object, address = fromNewAddress()) =>
    app.post('/auth/login', credentials, address);

  it('refuse even the right password after ten wrong ones, and say for how long', async () => {
    const { credentials } = await registerWithPassword(app);
    const wrong = { ...credentials, password: 'a wrong one' };
    await times(PER_USERNAME, () => logIn(wrong));

    const { status, headers, body } = await logIn(credentials);

    expect(status).toBe(429);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(600);
    expect(body).toMatchObject({
      message: `Too many passwords for this account. Try again in ${seconds} s.`,
      errorCode: 'TOO_MANY_REQUESTS',
      limit: 'username',
      retry_after: seconds,
    });
  });

  it('hold for a day, too, for a guesser who waits', async () => {
    const { credentials, token } = await registerWithPassword(app);
    const wrong = { ...credentials, password: 'a wrong one' };
    await times(PER_USERNAME, () => logIn(wrong));
    await lapseLimit(app, 'passwords-per-username', userIdOf(token));
    await times(PER_USERNAME_AND_DAY - PER_USERNAME, () => logIn(wrong));

    const { status, headers } = await logIn(credentials);

    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(86_000);
  });

  it('are per username: other users log in as ever, from the same address, too', async () => {
    const [address, { credentials }] = [fromNewAddress(), await registerWithPassword(app)];
    const unknown = randomCredentials();
    await times(PER_USERNAME, () => logIn(unknown, address));

    const statuses = [await logIn(unknown, address), await logIn(credentials, address)];

    expect(statuses.map(({ status }) => status)).toEqual([429, 201]);
  });

  it('count every spelling that finds the username', async () => {
    const { credentials } = await registerWithPassword(app);
    const spellings = [0, 1, 2, 3].flatMap((spaces) =>
      [credentials.username, credentials.username.toUpperCase()].map(
        (username) => `\u200e${username}${' '.repeat(spaces)}\u202c`,
      ),
    );
    await times(PER_USERNAME, (index) => {
      const username = spellings[index % spellings.length];
      return logIn({ username, password: 'a wrong one' });
    });

    const answers = await times(spellings.length, (index) =>
      logIn({ ...credentials, username: spellings[index] }),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([429]));
  });

  it('let no more guesses through in parallel than one after the other', async () => {
    const unknown = randomCredentials();

    const answers = await times(PER_USERNAME * 3, () => logIn(unknown));

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(PER_USERNAME);
    expect(statuses.filter((status) => status === 429)).toHaveLength(PER_USERNAME * 2);
  });

  it('count no right passwords as wrong ones, also those that came all at once', async () => {
    const [address, { credentials }] = [fromNewAddress(), await registerWithPassword(app)];

    await times(PER_USERNAME * 2, () => logIn(credentials, address));

    const afterwards = await times(PER_USERNAME, () => logIn(credentials, address));
    expect(afterwards.map(({ status }) => status)).toEqual(Array(PER_USERNAME).fill(201));
  });

  it('count no attempt that fails for an outage', async () => {
    const { credentials } = await registerWithPassword(app);
    const outage = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    const lookup = jest.spyOn(app.nest.get(CredentialQueries), 'find');
    lookup.mockRejectedValue(outage);
    const failed = await times(PER_USERNAME, () => logIn(credentials));
    lookup.mockRestore();

    const { status } = await logIn(credentials);

    expect(new Set(failed.map((answer) => answer.status))).toEqual(new Set([503]));
    expect(status).toBe(201);
  });

  it('end with thirty logins of a user an hour, whatever went wrong in between', async () => {
    const { credentials, token } = await registerWithPassword(app);
    const logins = await inTurn(PER_USER, () => logIn(credentials));
    const wrong = await logIn({ ...credentials, password: 'a wrong one' });

    const refused = await logIn(credentials);
    await lapseLimit(app, 'password-logins-per-user', userIdOf(token));

    expect(logins).toEqual(Array(PER_USER).fill(201));
    expect([wrong.status, refused.status]).toEqual([429, 429]);
    expect(refused.body.message).toMatch(/^Too many passwords for this account\./);
    expect((await logIn(credentials)).status).toBe(201);
  });

  it('of strangers and their address leave those of known devices alone', async () => {
    const { credentials, device_token } = await registerWithPassword(app);
    const { device_token: foreign } = await app.logIn();
    const address = fromNewAddress();
    await times(PER_USERNAME, () => logIn({ ...credentials, password: 'a wrong one' }, address));
    await inTurn(PER_ADDRESS - PER_USERNAME, () => logIn(randomCredentials(), address));

    const asDevice = (token: string, password = credentials.password) =>
      logIn({ ...credentials, password, device_token: token }, address);
    const [owner, stranger] = [await asDevice(device_token), await asDevice(foreign)];
    await times(PER_DEVICE, () => asDevice(device_token, 'a wrong one'));
    const usedUp = await asDevice(device_token);

    expect([owner.status, stranger.status, usedUp.status]).toEqual([201, 429, 429]);
  });

  it('count the work of right passwords, too, for their address', async () => {
    const address = fromNewAddress();
    const { credentials, device_token } = await registerWithPassword(app);
    const right = CHECKS_PER_ADDRESS - PER_ADDRESS + 5;
    await inTurn(right, () => logIn(credentials, address));
    await inTurn(CHECKS_PER_ADDRESS - right, () => logIn(randomCredentials(), address));

    const [limited, onDevice] = [
      await logIn(credentials, address),
      await logIn({ ...credentials, device_token }, address),
    ];

    expect([limited.status, onDevice.status]).toEqual([429, 201]);
    expect(limited.body.message).toMatch(/^Too many passwords from this address\./);
  });

  it('are per address, whatever the usernames', async () => {
    const [address, { credentials }] = [fromNewAddress(), await registerWithPassword(app)];
    await inTurn(PER_ADDRESS, () => logIn(randomCredentials(), address));

    const [limited, elsewhere] = [await logIn(credentials, address), await logIn(credentials)];

    expect([limited.status, elsewhere.status]).toEqual([429, 201]);
    expect(limited.body.message).toMatch(/^Too many wrong passwords from this address\./);
  });
});
