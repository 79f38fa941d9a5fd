import { randomInt, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { runScript } from '../test/support/run-script';
import { ServerProcess } from '../test/support/server-process';
import { fastestFifth, mannWhitney, type RankTest } from './rank-tests';
import { quantile } from './statistics';

/**
 * Whether a login tells by its time that a username is known: `npm run timing`, or fewer samples with
 * `npm run timing -- --samples 1000`. The time is that of a client on the same machine, which no attacker
 * across a network gets near to.
 */
const { values } = parseArgs({ options: { samples: { type: 'string', default: '10000' } } });

/** Of each kind, so that nothing particular to one name counts. */
const NAMES = 20;
/** |z| beyond this comes about by chance once in a thousand runs. */
const CRITICAL_Z = 3.29;
const LIMITS = [
  'passwords-per-address',
  'passwords-per-username',
  'passwords-per-username-daily',
  'password-checks-per-address',
];
const WARM_UP = 100;
const PASSWORD = 'correct horse battery';
const KINDS = ['unknown username', 'wrong password'] as const;

type Samples = Record<(typeof KINDS)[number], Float64Array>;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

async function main(count: number): Promise<void> {
  const mobiles = Array.from({ length: NAMES }, (_, index) => `+86138000000${10 + index}`);
  const server = await ServerProcess.start({
    NODE_ENV: 'test',
    TEST_NUMBERS: mobiles.map((mobile) => `${mobile}:123456@2099-01-01`).join(),
    LIMITS: LIMITS.map((limit) => `${limit}=9999999/1h`).join(),
  });
  const known = await Promise.all(mobiles.map((mobile) => register(server, mobile)));
  const samples = await measure(server, count, {
    'unknown username': known.map(() => newUsername()),
    'wrong password': known,
  });
  await server.stop();
  report(samples);
}

/** A user with a password. @returns the username. */
async function register(server: ServerProcess, mobile: string): Promise<string> {
  const username = newUsername();
  const { body } = await server.post('/auth/tokens', { mobile, code: '123456' });
  const credentials = { username, password: PASSWORD };
  await server.put('/users/me/password', credentials, { token: body.token });
  const { status } = await server.post('/auth/login', credentials);
  if (status !== 201) throw new Error(`The login of a known user was answered ${status}.`);
  return username;
}

const newUsername = () => `user-${randomUUID().slice(0, 18)}`;

/** One sample of each kind in turn, in an order that is drawn, so that whatever slows the machine meets both. */
async function measure(
  { baseUrl }: ServerProcess,
  count: number,
  names: Record<keyof Samples, string[]>,
): Promise<Samples> {
  const sample = (kind: keyof Samples) => timeLogin(baseUrl, names[kind][randomInt(NAMES)]!);
  for (let index = 0; index < WARM_UP; index++) await sample(KINDS[index % 2]!);
  const samples: Samples = {
    'unknown username': new Float64Array(count),
    'wrong password': new Float64Array(count),
  };
  for (let index = 0; index < count; index++) {
    const first = randomInt(2);
    for (const kind of [KINDS[first]!, KINDS[1 - first]!])
      samples[kind][index] = await sample(kind);
  }
  return samples;
}

/** @returns the milliseconds until the refusal has arrived. */
function timeLogin(baseUrl: string, username: string): Promise<number> {
  const body = JSON.stringify({ username, password: 'a password that is wrong' });
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const from = process.hrtime.bigint();
    const options = { agent, method: 'POST', headers };
    request(`${baseUrl}/auth/login`, options, (response) => {
      if (response.statusCode !== 400) reject(new Error(`Answered ${response.statusCode}.`));
      response.resume().once('end', () => resolve(Number(process.hrtime.bigint() - from) / 1e6));
    })
      .once('error', reject)
      .end(body);
  });
}

function report(samples: Samples): void {
  for (const kind of KINDS) {
    const shown = [0.05, 0.25, 0.5, 0.75, 0.95].map((q) => quantile(samples[kind], q).toFixed(3));
    console.log(`${kind.padEnd(18)} ms at 5, 25, 50, 75, 95 %: ${shown.join('  ')}`);
  }
  console.log(`z beyond ±${CRITICAL_Z} (p = 0.001) tells them apart`);
  const areAlike = [
    compare('Mann–Whitney, all samples', mannWhitney, samples),
    compare('the fastest fifth', fastestFifth, samples),
  ];
  console.log(areAlike.every(Boolean) ? 'Alike.' : 'They can be told apart.');
  process.exitCode = areAlike.every(Boolean) ? 0 : 1;
}

function compare(name: string, test: RankTest, samples: Samples): boolean {
  const z = test(samples['wrong password'], samples['unknown username']);
  const seen = detectable(test, samples['unknown username']);
  console.log(`${name}: z = ${z.toFixed(2)}; would have seen a difference of ${seen} µs`);
  return Math.abs(z) <= CRITICAL_Z;
}

/** The least shift that the test tells from none, in microseconds: one half of a kind against the other, moved. */
function detectable(test: RankTest, samples: Float64Array): number {
  const [odd, even] = [1, 0].map((rest) => samples.filter((_, index) => index % 2 === rest));
  for (let shift = 1; ; shift = Math.ceil(shift * 1.2)) {
    const moved = odd!.map((sample) => sample + shift / 1000);
    // Twice as many samples, as there are of the two kinds, see it √2 times as well.
    if (test(moved, even!) * Math.SQRT2 > CRITICAL_Z) return shift;
  }
}

runScript(() => main(Number(values.samples)));
