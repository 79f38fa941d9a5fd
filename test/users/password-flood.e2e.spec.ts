import { REDIS, type RedisClient } from '../../src/storage/redis.service';
import { UsersService } from '../../src/users/users.service';
import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { type Credentials, randomCredentials, registerWithPassword } from '../support/credentials';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

/** More than are hashed and wait at a time. */
const FLOOD = 200;
const PER_USERNAME = 150;
const LIMITS = [
  `passwords-per-username=${PER_USERNAME}/10m`,
  `passwords-per-username-daily=${PER_USERNAME}/1d`,
  'password-changes-per-user=1/1h',
].join();

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const isWrong = ({ status }: Answer) => status === 400;
const isRefused = ({ status }: Answer) => status === 503;

describe.each(MODES)('a flood of passwords (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', LIMITS } });
    if (mode === 'standard') waitForRedis(app.nest.get<RedisClient>(REDIS, { strict: false }));
  });
  afterAll(() => app.close());

  const logIn = (credentials: Credentials) =>
    app.post('/auth/login', credentials, fromNewAddress());

  /** Takes all the room there is, with logins that go no further before they are told to. */
  async function occupy() {
    let proceed: () => void;
    const told = new Promise<void>((resolve) => (proceed = resolve));
    const users = app.nest.get(UsersService);
    const original = users.findByCredentials.bind(users);
    const lookup = jest.spyOn(users, 'findByCredentials');
    lookup.mockImplementation(async (...credentials) => {
      await told;
      return original(...credentials);
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

  it('is answered at once beyond what waits shortly, and stops neither others nor what comes after', async () => {
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
    const meanwhile = await Promise.all([app.get('/users/me', { token }), app.get('/health/live')]);
    const wasOver = isOver;
    const answers = await after;

    expect(meanwhile.map(({ status }) => status)).toEqual([200, 200]);
    expect(wasOver).toBe(false);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 400, 503]));
    for (const refusal of answers.filter(isRefused)) {
      expectRefusal(refusal, 'UNAVAILABLE');
      expect(refusal.headers.get('retry-after')).toBe('1');
    }
    expect((await logIn(credentials)).status).toBe(201);
  });

  it('counts, of what it was answered, only passwords that were checked', async () => {
    const { credentials, finish } = await occupy();
    const answers = await finish();
    const wrong = answers.filter(isWrong).length;

    const rest = await until429(() => logIn(credentials));

    expect(answers.filter(isRefused)).toHaveLength(FLOOD - wrong);
    expect(wrong + rest).toBe(PER_USERNAME);
  });

  it('tells no usernames apart, and changes no password meanwhile', async () => {
    const known = await registerWithPassword(app);
    const user = await app.logIn();
    const change = () => app.put('/users/me/password', chosen, { token: user.token });
    const chosen = randomCredentials();
    const { finish } = await occupy();

    const refusals = [
      await logIn(known.credentials),
      await logIn({ ...known.credentials, password: 'a wrong one' }),
      await logIn(randomCredentials()),
      await change(),
    ];
    await finish();

    for (const refusal of refusals) expectRefusal(refusal, 'UNAVAILABLE');
    // It has not been counted: the limit is one an hour.
    expect((await change()).status).toBe(204);
  });
});

/** On a busy machine this process may stall past the deadline of Redis, and would go on counting by itself. */
function waitForRedis({ options }: RedisClient): void {
  Object.assign(options, { commandTimeout: undefined, socketTimeout: undefined });
}

/** How many wrong passwords are checked before the limit. */
async function until429(attempt: () => Promise<Answer>): Promise<number> {
  for (let checked = 0; ; checked++) {
    const { status } = await attempt();
    if (status === 429) return checked;
    if (status !== 400) throw new Error(`Neither wrong nor limited: ${status}`);
  }
}
