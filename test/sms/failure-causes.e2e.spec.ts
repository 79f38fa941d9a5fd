import { crowd, postCheaply } from '../support/crowd';
import { lapseBreakers, lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { AT_FULL_SCALE } from '../support/scale';
import { TestApp } from '../support/test-app';

const USERS = 40;
const REQUESTS = AT_FULL_SCALE ? 189 : 70;

/** Documentation addresses: each attacker and each user is a network. */
const ATTACKERS = ['203.0.113.7', '198.51.100.7', '192.0.2.7'];
const userAddress = (user: number) => `100.70.${user}.1`;

describe('clients that ask for numbers whose messages fail', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { TRUST_PROXY: '1' } });
  });
  afterEach(async () => {
    app.inbox.statusOf.clear();
    for (const address of ATTACKERS) await lapseLimit(app, 'codes-per-address', address);
  });
  afterAll(() => app.close());

  const ask = async (mobile: string, address: string) => {
    const headers = { 'x-forwarded-for': address };
    return (await postCheaply(`${app.baseUrl}/auth/codes`, { mobile }, headers)).status;
  };
  const askInVain = (mobile: string, status: number, address: string) => {
    app.inbox.statusOf.set(mobile, status);
    return ask(mobile, address);
  };
  /** Honest users beside an attack. */
  const served = async (attack: (index: number) => Promise<number>) => {
    const attacked = crowd(REQUESTS, attack);
    const asked = crowd(USERS, (user) => ask(randomMobile(), userAddress(user)));
    const [answers, users] = [await attacked, await asked];
    return {
      failed: answers.filter((status) => status === 503).length,
      limited: answers.filter((status) => status === 429).length,
      users: users.filter((status) => status === 202).length,
    };
  };

  it('are limited within what their address may ask for, when it is the number that fails', async () => {
    const mobile = randomMobile();

    const outcome = await served(() => askInVain(mobile, 400, ATTACKERS[0]!));

    expect(outcome.users).toBe(USERS);
    expect(outcome.failed + outcome.limited).toBe(REQUESTS);
    expect(outcome.failed).toBeLessThanOrEqual(30);
  });

  it.each([400, 401])('shut nobody out, whatever numbers they choose: %i', async (status) => {
    const outcome = await served((index) =>
      askInVain(randomMobile(), status, ATTACKERS[index % ATTACKERS.length]!),
    );

    expect(outcome).toEqual({ failed: REQUESTS, limited: 0, users: USERS });
  });

  it('pay half in an outage, and nothing once the provider is spared', async () => {
    lapseBreakers(app);
    const [address] = ATTACKERS as [string];
    const outage: number[] = [];
    for (let request = 0; request < REQUESTS; request++) {
      outage.push(await askInVain(randomMobile(), 401, address));
    }
    // Two more networks, and the breaker opens.
    for (const other of ATTACKERS.slice(1)) await askInVain(randomMobile(), 401, other);
    await lapseLimit(app, 'codes-per-address', address);
    const spared = await crowd(REQUESTS, () => askInVain(randomMobile(), 401, address));

    const failed = outage.filter((status) => status === 503).length;
    expect([59, 60]).toContain(failed);
    expect(spared).toEqual(Array(REQUESTS).fill(503));
  });

  it('do not stop the messages to other countries', async () => {
    for (const address of ATTACKERS) await askInVain(randomMobile(), 401, address);

    expect(await ask('+85251234567', userAddress(1))).toBe(202);
  });
});
