import { crowd } from '../support/crowd';
import { randomMobile } from '../support/mobile';
import { scrape, valueOf } from '../support/prometheus';
import { report } from '../support/simulation';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const PER_SECOND = 20;
const USERS = 20;
const ATTACKERS = 160;

describe('a provider that takes fewer messages than are asked for', () => {
  let app: TestApp;

  beforeEach(async () => {
    const LIMITS = 'codes-per-address=99999/1h';
    app = await TestApp.start({ env: { TRUST_PROXY: '1', LIMITS } });
    app.inbox.perSecond = PER_SECOND;
  });
  afterEach(() => app.close());

  const ask = (address: string) =>
    app.post(
      '/auth/codes',
      { mobile: randomMobile() },
      { headers: { 'x-forwarded-for': address } },
    );

  it('rule 21: serves users before those who wait for a network that asks for too much at once', async () => {
    const attacked: number[] = [];
    const attack = Array.from({ length: ATTACKERS }, async (_, one) => {
      attacked.push((await ask(`20.1.${one % 16}.${one}`)).status);
    });
    await until(() => app.inbox.attempts > 2 * PER_SECOND);

    const users = await crowd(USERS, (user) => ask(`100.${70 + user}.7.1`));
    const waiting = ATTACKERS - attacked.length;
    await Promise.all(attack);

    const labels = { provider: 'webhook', outcome: 'sent' };
    const paced = valueOf(await scrape(app), 'tandem_sms_paced_total', labels);
    report({
      row: '11',
      attack: `${ATTACKERS} at once from one /20, of a provider that takes ${PER_SECOND} a second`,
      honest: [users.filter(({ status }) => status === 202).length, USERS],
      messages: attacked.filter((status) => status === 202).length,
      gain: 'waits behind users of other networks',
    });
    expect(users.map(({ status }) => status)).toEqual(Array(USERS).fill(202));
    expect(waiting).toBeGreaterThan(PER_SECOND);
    expect(paced).toBeGreaterThanOrEqual(USERS);
  }, 30_000);

  it('tells who cannot wait when to come back, and asks the provider for nothing until then', async () => {
    app.inbox.perSecond = 0;
    app.inbox.retryAfter = '30';

    const answers = [await ask('100.70.1.1'), await ask('100.71.1.1')];

    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['30', '30']);
    expect(app.inbox.attempts).toBe(1);
  });
});
