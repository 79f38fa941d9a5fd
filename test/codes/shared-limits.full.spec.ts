import { randomInt, randomUUID } from 'node:crypto';
import Redis from 'ioredis';
import type { LimitName } from '../../src/codes/limits';
import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { randomCredentials } from '../support/credentials';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { ServerProcess } from '../support/server-process';
import { isInstalled } from '../support/servers/installed';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis } from '../support/servers/redis';
import { SmsInbox } from '../support/sms-inbox';
import { describeStandard, freshStores } from '../support/stores';
import { smsEnv } from '../support/sms-env';
import { until } from '../support/until';

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];

/** Points and windows, small enough to use them up. */
const LIMITS = {
  'code-cooldown': [2, MINUTE],
  'codes-per-number-and-network': [4, DAY],
  'codes-per-number': [6, DAY],
  'codes-per-address': [8, HOUR],
  'fresh-codes-per-prefix': [10, HOUR],
  'fresh-codes-per-country': [20, HOUR],
  'guesses-per-number-and-network': [4, DAY],
  'guesses-per-address': [6, 10 * MINUTE],
  'fresh-codes': [60, HOUR],
  'passwords-per-username': [4, 10 * MINUTE],
  'passwords-per-address': [6, 10 * MINUTE],
} as const satisfies Partial<Record<LimitName, readonly [points: number, window: number]>>;

type Name = keyof typeof LIMITS;

type Send = (node: ServerProcess) => Promise<Answer>;

interface Attempts {
  /** What a 429 says there are too many of. */
  subject: string;
  /** Requests that have nothing in common but the bucket of this limit; `node` prepares them. */
  requests: (node: ServerProcess) => Send | Promise<Send>;
  /** Limits of the same bucket that come back sooner. */
  lapsing?: Name[];
}

const ask = (node: ServerProcess, mobile: string, from = fromNewAddress()) =>
  node.post('/auth/codes', { mobile }, from);
const guess = (node: ServerProcess, mobile: string, from = fromNewAddress()) =>
  node.post('/auth/tokens', { mobile, code: '000000' }, from);

/** A number that has a code to guess. */
async function sendCode(node: ServerProcess): Promise<string> {
  const mobile = randomMobile();
  const { status } = await ask(node, mobile);
  if (status !== 202) throw new Error(`No code: ${status}`);
  return mobile;
}

const fromOneAddress = (): Send => {
  const [mobile, address] = [randomMobile(), fromNewAddress()];
  return (node) => ask(node, mobile, address);
};

const ATTEMPTS: Record<Name, Attempts> = {
  'code-cooldown': { subject: 'codes for this number', requests: fromOneAddress },
  'codes-per-number-and-network': {
    subject: 'codes for this number',
    requests: fromOneAddress,
    lapsing: ['code-cooldown'],
  },
  'codes-per-number': {
    subject: 'codes for this number',
    requests: () => {
      const mobile = randomMobile();
      return (node) => ask(node, mobile);
    },
  },
  'codes-per-address': {
    subject: 'codes from this address',
    requests: () => {
      const [address, numbers] = [fromNewAddress(), numbersOf('+44740')];
      return (node) => ask(node, numbers(), address);
    },
  },
  'fresh-codes-per-prefix': {
    subject: 'codes for numbers like this one',
    requests: () => {
      const [prefix, numbers] = ['+3368123', counter()];
      return (node) => ask(node, `${prefix}${String(numbers()).padStart(4, '0')}`);
    },
  },
  'fresh-codes-per-country': {
    subject: 'codes for this country',
    requests: () => {
      const numbers = numbersOf('+491512');
      return (node) => ask(node, numbers());
    },
  },
  'fresh-codes': {
    subject: 'codes',
    requests: () => {
      const [turn, countries] = [counter(), ['+6141', '+81901', '+551198', '+39347', '+3462']];
      const numbers = countries.map((country) => numbersOf(country));
      return (node) => ask(node, numbers[turn() % numbers.length]!());
    },
  },
  'passwords-per-username': {
    subject: 'passwords for this account',
    requests: () => {
      const credentials = randomCredentials();
      return (node) => node.post('/auth/login', credentials, fromNewAddress());
    },
  },
  'passwords-per-address': {
    subject: 'wrong passwords from this address',
    requests: () => {
      const address = fromNewAddress();
      return (node) => node.post('/auth/login', randomCredentials(), address);
    },
  },
  'guesses-per-number-and-network': {
    subject: 'wrong codes for this number',
    requests: async (sender) => {
      const [mobile, address] = [await sendCode(sender), fromNewAddress()];
      return (node) => guess(node, mobile, address);
    },
  },
  'guesses-per-address': {
    subject: 'wrong codes from this address',
    requests: async (sender) => {
      // Enough not to reach the limit of one.
      const mobiles = [await sendCode(sender), await sendCode(sender)];
      const [address, turn] = [fromNewAddress(), counter()];
      return (node) => guess(node, mobiles[turn() % mobiles.length]!, address);
    },
  },
};

const NAMES = Object.keys(LIMITS) as Name[];
const isGuess = (name: Name) => /^(guesses|passwords)/.test(name);

/** Without those that cannot be used up before another one, which only waiting brings back. */
const REACHED_AT_ONCE = NAMES.filter((name) => !ATTEMPTS[name].lapsing);

(isInstalled('redis-server') ? describeStandard : describe.skip)('two nodes with one Redis', () => {
  let inbox: SmsInbox;
  let server: PrivateServer;
  let redis: Redis;
  let nodes: [ServerProcess, ServerProcess];

  beforeAll(async () => {
    [inbox, server] = [await SmsInbox.open(), await startRedis()];
    redis = new Redis(server.url).on('error', () => undefined);
    const { DATABASE_URL } = await freshStores('standard');
    const env = {
      ...smsEnv(inbox),
      DATABASE_URL: DATABASE_URL!,
      REDIS_URL: server.url,
      JWT_SECRET: randomUUID(),
      LIMITS: NAMES.map((name) => `${name}=${LIMITS[name].join('/')}s`).join(),
      SMS_CONVERSION_GUARD: 'off',
      TRUST_PROXY: '1',
      // Lower ones do not print where it listens.
      LOG_LEVEL: 'info',
    };
    nodes = [await ServerProcess.start(env), await ServerProcess.start(env)];
  });
  beforeEach(() => redis.flushdb());
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    redis.disconnect();
    await Promise.all([server.remove(), inbox.close()]);
  });

  const lapse = async (names: Name[] = []) => {
    const keys = await Promise.all(names.map((name) => redis.keys(`tandem:limit:${name}:*`)));
    await Promise.all(keys.flat().map((key) => redis.del(key)));
  };
  const redisIs = (status: string) =>
    until(async () => {
      const answers = await Promise.all(nodes.map((node) => node.get('/health/ready')));
      return answers.every(({ body }) => body.redis === status);
    });

  it.each(NAMES)('what one node has used up of %s is refused by the other', async (name) => {
    const [points, window] = LIMITS[name];
    const { subject, requests, lapsing } = ATTEMPTS[name];
    const [send, statuses] = [await requests(nodes[0]), [] as number[]];
    for (let point = 0; point < points; point++) {
      await lapse(lapsing);
      statuses.push((await send(nodes[0])).status);
    }
    await lapse(lapsing);

    const [there, here] = [await send(nodes[1]), await send(nodes[0])];

    expect(statuses).toEqual(Array(points).fill(isGuess(name) ? 400 : 202));
    expectLimit(there, subject, window);
    expectLimit(here, subject, window);
  });

  it('each holds stricter limits while Redis is down, and both share them again when it is back', async () => {
    const guesses = await ATTEMPTS['guesses-per-number-and-network'].requests(nodes[0]);
    await untilRefused(guesses, nodes[0]);

    await server.kill();
    await redisIs('down');
    const alone = [await useUpEverything(nodes[0]), await useUpEverything(nodes[1])];
    await server.restart();
    await redisIs('up');
    const fresh = await ATTEMPTS['guesses-per-number-and-network'].requests(nodes[0]);
    const together = [await untilRefused(fresh, nodes[0]), await untilRefused(fresh, nodes[1])];
    const remembered = [await guesses(nodes[0]), await guesses(nodes[1])];

    const half = {
      'code-cooldown': 1,
      'codes-per-address': 4,
      'fresh-codes-per-prefix': 5,
      'fresh-codes-per-country': 10,
      'codes-per-number': 3,
      'guesses-per-number-and-network': 2,
      'guesses-per-address': 3,
      // Half of 60, of which the others have taken 26.
      'fresh-codes': 4,
      'passwords-per-username': 2,
      'passwords-per-address': 3,
    };
    expect(alone).toEqual([half, half]);
    expect(together).toEqual([LIMITS['guesses-per-number-and-network'][0], 0]);
    expect(remembered.map(({ status }) => status)).toEqual([429, 429]);
  });
});

describe('a limit that does not exist', () => {
  it('refuses the start and names those that do', async () => {
    const { exitCode, output } = await ServerProcess.runToExit({
      LIMITS: 'codes-per-number=3/1h,codes-per-galaxy=5/1h,constructor=5/1h',
    });

    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /LIMITS knows no codes-per-galaxy or constructor, only codes-per-address, code-cooldown/,
    );
  });
});

/** How many requests pass of each limit in turn. */
async function useUpEverything(node: ServerProcess): Promise<Partial<Record<Name, number>>> {
  const passed: Partial<Record<Name, number>> = {};
  for (const name of REACHED_AT_ONCE) {
    passed[name] = await untilRefused(await ATTEMPTS[name].requests(node), node, name);
  }
  return passed;
}

/** How many requests pass before the first that does not, which the limit that is named must refuse. */
async function untilRefused(
  send: Send,
  node: ServerProcess,
  name: Name = 'guesses-per-number-and-network',
): Promise<number> {
  for (let passed = 0; ; passed++) {
    const answer = await send(node);
    if (answer.status === (isGuess(name) ? 400 : 202)) continue;
    expectLimit(answer, ATTEMPTS[name].subject, LIMITS[name][1]);
    return passed;
  }
}

function expectLimit(answer: Answer, subject: string, window: number): void {
  expectRefusal(answer, 'TOO_MANY_REQUESTS');
  const retryAfter = answer.headers.get('retry-after');
  expect(retryAfter).toMatch(/^[1-9]\d*$/);
  expect(Number(retryAfter)).toBeLessThanOrEqual(window);
  // No shorter limit of the same subject.
  expect(Number(retryAfter)).toBeGreaterThan(window / 2);
  expect(answer.body.message).toBe(`Too many ${subject}. Try again in ${retryAfter} s.`);
}

/** Numbers of a country, hardly two of one prefix. */
function numbersOf(start: string): () => string {
  return () => start + String(randomInt(10_000_000)).padStart(7, '0');
}

function counter(): () => number {
  let count = 0;
  return () => count++;
}
