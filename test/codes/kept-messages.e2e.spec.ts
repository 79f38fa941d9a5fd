import { NumberTiesService } from '../../src/users/number-ties.service';
import { passTime } from '../support/clock';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR_MS = 3_600_000;
const WORK = '198.51.100.7';
const [HOME, ...NEXT_DOOR] = Array.from({ length: 9 }, (_, host) => `203.0.113.${host + 7}`);

describe.each(MODES)('the messages that are kept for who has a number (%s)', (mode) => {
  let app: TestApp;

  beforeEach(async () => {
    const LIMITS = 'code-cooldown=99/1m';
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', LIMITS } });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const post = (path: string, address: string, body: object) =>
    app.post(path, body, { headers: { 'x-forwarded-for': address } });
  /** Whether it brings a message: who has one in hand is answered alike without. */
  const ask = async (address: string, body: { mobile: string; device_token?: string }) => {
    const before = app.inbox.messages.length;
    await post('/auth/codes', address, body);
    return app.inbox.messages.length > before;
  };
  const sentOf = async (addresses: readonly string[], body: Parameters<typeof ask>[1]) => {
    const sent: boolean[] = [];
    for (const address of addresses) sent.push(await ask(address, body));
    return sent.filter(Boolean).length;
  };
  /** Known at home and at work. */
  const owner = async () => {
    const mobile = randomMobile();
    let device_token = '';
    for (const address of [HOME!, WORK]) {
      await ask(address, { mobile });
      const code = app.inbox.codeFor(mobile);
      ({ device_token } = (await post('/auth/tokens', address, { mobile, code })).body);
    }
    passTime(2 * HOUR_MS);
    return { mobile, device_token };
  };

  it('rule 21: are left to devices, whatever somebody next to them asks for', async () => {
    const { mobile, device_token } = await owner();

    // Three that are kept, and what is left of the four of a network: one was for the first login.
    expect(await sentOf(NEXT_DOOR, { mobile })).toBe(3 + 3);
    expect(await sentOf(Array(6).fill(HOME), { mobile, device_token })).toBe(3);
  });

  it('are followed by those of strangers also for who asks for the last one a moment too late', async () => {
    const { mobile, device_token } = await owner();
    await sentOf(Array(5).fill(HOME), { mobile, device_token });

    const ties = app.nest.get(NumberTiesService);
    const tieOf = ties.tieOf.bind(ties);
    let resolve!: () => void;
    const haveBothLooked = new Promise<void>((done) => (resolve = done));
    let looks = 0;
    jest.spyOn(ties, 'tieOf').mockImplementation(async (...caller) => {
      if (++looks === 2) resolve();
      await haveBothLooked;
      return tieOf(...caller);
    });
    const before = app.inbox.messages.length;

    const body = { mobile, device_token };
    await Promise.all([HOME!, WORK].map((address) => post('/auth/codes', address, body)));

    expect(app.inbox.messages.length - before).toBe(2);
  });

  it('are not all that they get: beyond them owners have what strangers have', async () => {
    const { mobile, device_token } = await owner();
    await sentOf(NEXT_DOOR, { mobile });

    // One was for the login there.
    expect(await sentOf(Array(5).fill(WORK), { mobile })).toBe(3);
    // Three that are kept for devices, and none: strangers together have had eight.
    const elsewhere = Array.from({ length: 6 }, (_, network) => `192.0.${network}.7`);
    expect(await sentOf(elsewhere, { mobile, device_token })).toBe(3);
  });
});
