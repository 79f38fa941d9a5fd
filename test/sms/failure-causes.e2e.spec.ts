import { crowd, postCheaply } from '../support/crowd';
import { lapseBreakers } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { AT_FULL_SCALE } from '../support/scale';
import { report } from '../support/simulation';
import { TestApp } from '../support/test-app';

const USERS = 40;
/** Who asked in the minute before. */
const EARLIER_USERS = 8;
const REQUESTS = AT_FULL_SCALE ? 189 : 70;

/** Three networks that have nothing in common with others. */
let attackers: [string, string, string];
let tests = 0;
const userAddress = (user: number) => `100.70.${user}.1`;

describe('clients that ask for numbers whose messages fail', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { TRUST_PROXY: '1' } });
  });
  beforeEach(() => {
    tests += 1;
    attackers = [`20.1.${tests}.7`, `21.1.${tests}.7`, `22.1.${tests}.7`];
    lapseBreakers(app);
  });
  afterEach(() => {
    app.inbox.statusOf.clear();
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
  const askFor = (user: number) => ask(randomMobile(), userAddress(user));
  /** Honest users beside an attack. */
  const served = async (attack: (index: number) => Promise<number>) => {
    const before = await crowd(EARLIER_USERS, askFor);
    const attacked = crowd(REQUESTS, attack);
    const during = await crowd(USERS - EARLIER_USERS, (user) => askFor(EARLIER_USERS + user));
    const [answers, users] = [await attacked, [...before, ...during]];
    return {
      failed: answers.filter((status) => status === 503).length,
      limited: answers.filter((status) => status === 429).length,
      users: users.filter((status) => status === 202).length,
      refusedUsers: users.filter((status) => status !== 202),
    };
  };

  it('are limited within what their address may ask for, when it is the number that fails', async () => {
    const mobile = randomMobile();

    const outcome = await served(() => askInVain(mobile, 400, attackers[0]));

    report({
      row: '1',
      attack: 'one number that the provider refuses, in a loop',
      honest: [outcome.users, USERS],
      messages: 0,
      gain: `${outcome.failed} asked of the provider, then 429`,
    });

    expect(outcome.refusedUsers).toEqual([]);
    expect(outcome.failed + outcome.limited).toBe(REQUESTS);
    expect(outcome.failed).toBeLessThanOrEqual(30);
  });

  it.each([400, 401])(
    'rule 21: shut nobody out, whatever numbers they choose: %i',
    async (status) => {
      const outcome = await served((index) =>
        askInVain(randomMobile(), status, attackers[index % 3]!),
      );

      report({
        row: '1',
        attack: `numbers that fail with HTTP ${status}, from 3 addresses`,
        honest: [outcome.users, USERS],
        messages: 0,
        gain: `${outcome.failed} asked of the provider, no breaker opened`,
      });

      expect(outcome.refusedUsers).toEqual([]);
      expect(outcome.failed).toBeGreaterThanOrEqual(60);
    },
  );

  it('pay half in an outage, and nothing once the provider is spared', async () => {
    const [address, ...others] = attackers;
    const outage: number[] = [];
    for (let request = 0; request < REQUESTS; request++) {
      outage.push(await askInVain(randomMobile(), 401, address));
    }
    // Two more networks, and the breaker opens.
    for (const other of others) await askInVain(randomMobile(), 401, other);
    const spared = await crowd(REQUESTS, (index) =>
      askInVain(randomMobile(), 401, `20.9.${index}.7`),
    );

    const failed = outage.filter((status) => status === 503).length;
    expect([59, 60]).toContain(failed);
    expect(spared).toEqual(Array(REQUESTS).fill(503));
  });

  it('do not stop the messages to other countries', async () => {
    for (const address of attackers) await askInVain(randomMobile(), 401, address);

    expect(await ask('+85251234567', userAddress(1))).toBe(202);
  });
});
