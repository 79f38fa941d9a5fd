import { createTandem, type Tandem, type TextStorage } from '@tandem/client';
import { until } from '../support/until';

const SECOND = 1000;
const LIFE_SECONDS = 7200;

type Say = (body: object, headers?: Record<string, string>, status?: number) => Response;

const BEGIN = Date.parse('2026-01-01T00:00:00Z');
let now = 0;

const say: Say = (body, headers = {}, status = 201) =>
  Response.json(body, {
    status,
    headers: { date: new Date(BEGIN + now).toUTCString(), ...headers },
  });

const pair = (name: string) => ({
  token: `access ${name}`,
  refresh_token: `refresh ${name}`,
  expires_in: LIFE_SECONDS,
  is_new_user: false,
  device_token: 'device',
});

/** A store that answers when it is told to. */
class SlowStorage implements TextStorage {
  readonly texts = new Map<string, string>();
  gate?: Promise<void>;

  /** @returns what lets the calls from now on go through. */
  hold(): () => void {
    let release!: () => void;
    this.gate = new Promise((done) => (release = done));
    return () => {
      this.gate = undefined;
      release();
    };
  }

  async getItem(name: string): Promise<string | null> {
    const text = this.texts.get(name) ?? null;
    await this.gate;
    return text;
  }

  async setItem(name: string, text: string): Promise<void> {
    await this.gate;
    this.texts.set(name, text);
  }

  async removeItem(name: string): Promise<void> {
    this.texts.delete(name);
  }
}

describe('the client', () => {
  let sent: string[];
  let answers: (() => Response)[];
  let timers: { at: number; action: () => void }[];
  let storage: SlowStorage;
  let tandem: Tandem;

  const open = () =>
    createTandem({
      url: 'https://auth.example.com',
      storage,
      fetch: async (_url, init) => {
        sent.push(
          `${init?.method} ${new Headers(init?.headers).get('authorization') ?? ''}`.trim(),
        );
        return answers.shift()?.() ?? say({});
      },
      environment: {
        monotonic: () => now,
        wall: () => now,
        random: () => 0,
        after: (milliseconds, action) => {
          const timer = { at: now + milliseconds, action };
          timers.push(timer);
          return () => (timers = timers.filter((other) => other !== timer));
        },
      },
    });

  beforeEach(() => {
    [now, sent, answers, timers, storage] = [0, [], [], [], new SlowStorage()];
    tandem = open();
  });
  afterEach(() => tandem.dispose());

  const logIn = async (name: string) => {
    answers = [() => say(pair(name))];
    await tandem.logIn('+8613812345678', '123456');
    sent = [];
  };
  const pass = async (milliseconds: number) => {
    now += milliseconds;
    for (const { action } of timers.filter(({ at }) => at <= now)) action();
    await new Promise((done) => setImmediate(done));
  };

  it('rule 23: waits as long as Retry-After says, whatever wakes it', async () => {
    await logIn('a');
    answers = [() => say({ errorCode: 'TOO_MANY_REQUESTS', retry_after: 60 }, {}, 429)];
    await pass(0.85 * LIFE_SECONDS * SECOND);
    await until(() => tandem.session().status === 'offline');

    await tandem.wake();
    await pass(59 * SECOND);
    await tandem.wake();
    const before = [...sent];
    answers = [() => say({ token: 'access b', expires_in: LIFE_SECONDS })];
    await pass(2 * SECOND);
    await until(() => tandem.session().status === 'fresh');

    expect([before.length, sent.length]).toEqual([1, 2]);
  });

  it('asks at once when it wakes where nobody said how long to wait', async () => {
    await logIn('a');
    answers = [() => say({ errorCode: 'UNAVAILABLE' }, {}, 503)];
    await pass(0.85 * LIFE_SECONDS * SECOND);
    await until(() => tandem.session().status === 'offline');
    answers = [() => say({ token: 'access b', expires_in: LIFE_SECONDS })];

    await tandem.wake();

    await until(() => tandem.session().status === 'fresh');
    expect(sent).toHaveLength(2);
  });

  it('repeats no login that a proxy asks to wait with', async () => {
    answers = [() => say({}, { 'retry-after': '60' }, 503)];

    await expect(tandem.logIn('+8613812345678', '123456')).rejects.toMatchObject({
      errorCode: 'NO_ANSWER',
      retryAfter: 60,
    });
    expect(sent).toHaveLength(1);
  });

  it('rule 23: a logout while the next tokens are being stored is not undone', async () => {
    await logIn('a');
    answers = [
      () => say({ token: 'access b', expires_in: LIFE_SECONDS }),
      () => new Response(null, { status: 204 }),
    ];
    const put = jest.spyOn(storage, 'setItem');
    let release!: () => void;
    put.mockImplementationOnce(async (name, text) => {
      await new Promise<void>((done) => (release = done));
      storage.texts.set(name, text);
    });
    await pass(0.85 * LIFE_SECONDS * SECOND);
    await until(() => put.mock.calls.length > 0);

    const known = tandem.logOut();
    await new Promise((done) => setImmediate(done));
    release();
    await known;

    expect(tandem.session()).toEqual({ status: 'ended', reason: 'logout' });
    expect([...storage.texts.values()].join()).not.toContain('access');
  });

  it('rule 23: a login is not undone by a look at the store that began before it', async () => {
    await logIn('a');
    const read = jest.spyOn(storage, 'getItem');
    let release!: (text: string) => void;
    const before = storage.texts.get('tandem https://auth.example.com')!;
    read.mockImplementationOnce(() => new Promise((done) => (release = done)));
    const slow = tandem.fetch('/users/me');

    await logIn('b');
    release(before);
    await slow;

    expect(sent).toEqual(['undefined Bearer access b']);
  });

  it('rule 23: a login that the store did not take gives way to one of another tab that it took', async () => {
    const put = jest.spyOn(storage, 'setItem').mockRejectedValue(new Error('full'));
    await logIn('a');
    put.mockRestore();
    const other = open();
    answers = [() => say(pair('b'))];
    await other.logIn('+8613812345678', '123456');
    sent = [];

    await tandem.fetch('/users/me');
    other.dispose();

    expect(sent).toEqual(['undefined Bearer access b']);
  });
});
