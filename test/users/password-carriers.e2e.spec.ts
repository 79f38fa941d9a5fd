import { randomUUID } from 'node:crypto';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { type Credentials, registerWithPassword } from '../support/credentials';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

/** Eight of a /24 together. */
const LIMITS = 'passwords-per-address=2/10m,passwords-per-username=999/10m';

describe.each(MODES)('wrong passwords of one phone in the network of a carrier (%s)', (mode) => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', LIMITS } });
  });
  afterEach(() => app.close());

  /** Numbers that were verified from a network in the last two weeks. */
  const remember = (count: number) =>
    app.sql.getRepository(SmsDelivery).insert(
      Array.from({ length: count }, (_, index) => ({
        id: `${1000 + index}`,
        challengeId: randomUUID().replaceAll('-', ''),
        mobile: `+86137****${1000 + index}`,
        country: 'CN',
        provider: 'webhook' as const,
        outcome: 'sent' as const,
        price: 50_000,
        audience: 'fresh' as const,
        network: '203.0.113.0/24',
        host: '203.0.112.0/20',
        createdAt: new Date(),
        verifiedAt: new Date(),
      })),
    );
  const logIn = async (host: number, credentials: Credentials) => {
    const headers = { 'x-forwarded-for': `203.0.113.${host}` };
    return (await app.post('/auth/login', credentials, { headers })).status;
  };
  const flood = async (credentials: Credentials) => {
    const wrong = { ...credentials, password: 'not the password of anybody' };
    const statuses: number[] = [];
    for (let host = 1; host <= 4; host++)
      for (let count = 0; count < 3; count++) statuses.push(await logIn(host, wrong));
    return statuses.filter((status) => status === 400).length;
  };

  it.each([
    ['rule 21: refuse nobody else where many people are', 60, 201],
    ['refuse all of a network that hardly anybody logs in from', 3, 429],
  ])('%s', async (_, people, expected) => {
    const { credentials } = await registerWithPassword(app);
    await remember(people);

    expect(await flood(credentials)).toBe(8);

    expect(await logIn(200, credentials)).toBe(expected);
    // Whoever floods is refused.
    expect(await logIn(1, credentials)).toBe(429);
  });
});
