import { CredentialQueries } from '../../src/auth/credential.queries';
import { fromNewAddress } from '../support/address';
import { payForPasswords } from '../support/cheap-passwords';
import type { Answer } from '../support/client';
import { type Credentials, randomCredentials, registerWithPassword } from '../support/credentials';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { report } from '../support/simulation';
import { until } from '../support/until';

/** More than are hashed and wait at a time. */
const FLOOD = 100;
const PER_USERNAME = 80;
/** From one attacker. */
const IN_FLIGHT = 88;
const LIMITS = [
  `passwords-per-username=${PER_USERNAME}/10m`,
  `passwords-per-username-daily=${PER_USERNAME}/1d`,
  'password-changes-per-user=1/1h',
  'password-logins-per-user=9999/1h',
  'password-checks-per-address=9999/1h',
].join();

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const statusOf = ({ status }: Answer) => status;
const isWrong = ({ status }: Answer) => status === 400;
const isRefused = ({ status }: Answer) => status === 503;

describe.each(MODES)('a flood of passwords (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', LIMITS } });
  });
  afterAll(() => app.close());

  const logIn = (credentials: Credentials & { device_token?: string }) =>
    app.post('/auth/login', credentials, fromNewAddress());

  /** Takes all the room there is, with logins that go no further before they are told to. */
  async function occupy() {
    let proceed: () => void;
    const told = new Promise<void>((resolve) => (proceed = resolve));
    const queries = app.nest.get(CredentialQueries);
    const original = queries.find.bind(queries);
    const lookup = jest.spyOn(queries, 'find');
    lookup.mockImplementation(async (...username) => {
      await told;
      return original(...username);
    });
    const credentials = randomCredentials();
    let refused = 0;
    const answers = times(FLOOD, async () => {
      const answer = await logIn(credentials);
      if (isRefused(answer)) refused += 1;
      return answer;
    });
    await until(() => refused + lookup.mock.calls.length === FLOOD);
    lookup.mockRestore();
    return {
      credentials,
      finish: () => {
        proceed();
        return answers;
      },
    };
  }

  describe('that is hashed', () => {
    payForPasswords();

    it('stops neither others nor what comes after', async () => {
      const { credentials, token } = await registerWithPassword(app);
      const wrong = { ...credentials, password: 'a wrong one' };
      const kinds = [
        () => logIn(credentials),
        () => logIn(wrong),
        () => logIn({ ...randomCredentials(), password: wrong.password }),
      ];
      let isOver = false;

      const flood = times(FLOOD, (index) => kinds[index % kinds.length]!());
      const after = flood.finally(() => (isOver = true));
      const meanwhile = await Promise.all([
        app.get('/users/me', { token }),
        app.get('/health/live'),
      ]);
      const wasOver = isOver;
      const answers = await after;

      expect(meanwhile.map(({ status }) => status)).toEqual([200, 200]);
      expect(wasOver).toBe(false);
      const judged = new Set(answers.filter((answer) => !isRefused(answer)).map(statusOf));
      expect(judged).toEqual(new Set([201, 400]));
      expect((await logIn(credentials)).status).toBe(201);
    });

    it('from two addresses holds up no one elsewhere, also with right passwords of own accounts', async () => {
      const attackers = [fromNewAddress(), fromNewAddress()];
      const [one, another] = [await registerWithPassword(app), await registerWithPassword(app)];
      const victims = [await registerWithPassword(app), await registerWithPassword(app)];
      let [refused, isOver] = [0, false];
      const attack = times(IN_FLIGHT, async (index) => {
        const { credentials } = index % 3 === 0 ? one : another;
        const answer = await app.post('/auth/login', credentials, attackers[index % 2]);
        if (isRefused(answer)) refused += 1;
      }).finally(() => (isOver = true));
      await until(() => refused > 0);

      const answers = await times(12, (index) => logIn(victims[index % 2]!.credentials));
      const wasOver = isOver;
      await attack;

      report({
        row: '7',
        attack: `right passwords of own accounts, ${IN_FLIGHT} in flight from 2 addresses`,
        honest: [answers.filter(({ status }) => status === 201).length, 12],
        messages: 0,
        gain: `${refused} refused`,
      });
      expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(201));
      expect(wasOver).toBe(false);
    });
  });

  it('is answered at once beyond what waits shortly, and counts only passwords that were checked', async () => {
    const { credentials, finish } = await occupy();
    const answers = await finish();
    const wrong = answers.filter(isWrong).length;

    const rest = await until429(() => logIn(credentials));

    const refusals = answers.filter(isRefused);
    for (const refusal of refusals) {
      expectRefusal(refusal, 'UNAVAILABLE');
      expect(refusal.headers.get('retry-after')).toBe('1');
    }
    expect(refusals).toHaveLength(FLOOD - wrong);
    expect(wrong + rest).toBe(PER_USERNAME);
  });

  it('tells no usernames apart, and lets known devices and sessions pass', async () => {
    const known = await registerWithPassword(app);
    const user = await app.logIn();
    const { finish } = await occupy();

    const refusals = [
      await logIn(known.credentials),
      await logIn({ ...known.credentials, password: 'a wrong one' }),
      await logIn(randomCredentials()),
    ];
    const { device_token } = known;
    const onDevice = await logIn({ ...known.credentials, device_token });
    const change = await app.put('/users/me/password', randomCredentials(), { token: user.token });
    await finish();

    for (const refusal of refusals) expectRefusal(refusal, 'UNAVAILABLE');
    expect([onDevice.status, change.status]).toEqual([201, 204]);
  });
});

/** How many wrong passwords are checked before the limit. */
async function until429(attempt: () => Promise<Answer>): Promise<number> {
  for (let checked = 0; ; checked++) {
    const { status } = await attempt();
    if (status === 429) return checked;
    if (status !== 400) throw new Error(`Neither wrong nor limited: ${status}`);
  }
}
