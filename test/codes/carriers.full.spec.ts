import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAPTCHA, type Captcha } from '../../src/codes/captcha/captcha';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import { UsedCodesService } from '../../src/sms/used-codes.service';
import { passTime } from '../support/clock';
import { crowd, postCheaply } from '../support/crowd';
import { numbersOfBlock, randomMobile } from '../support/mobile';
import { LAST_MODE } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR_MS = 3_600_000;
const DEFAULTS = { NETWORK_SHARE: '20', SMS_BUDGET_DAILY: '100', TRUST_PROXY: '1' };
const SOLVED = 'what costs a person a second';
/** As many as an address may ask for in an hour. */
const PER_ADDRESS = 30;

const NEXT_TO_IT = { network: '2001:db8:9::/48', host: '2001:db8::/32' };
/** Half of a day's share, at a budget of 200: of a network that 60 numbers were verified from, and of one with hardly any. */
const [OF_SIXTY, OF_ONE] = [120, 40];

/**
 * Where the phones of a carrier are, how the one of the attacker changes its address, and what the shares of its networks
 * come to: each has users behind it as well.
 */
const CARRIERS = [
  ['IPv6, a /48', '2001:db8:7::/48', '2001:db8::/32', v6('2001:db8:7'), OF_SIXTY],
  ['IPv6, all over a /32', '2001:db8:8::/48', '2001:db8::/32', spread, OF_SIXTY + OF_ONE],
  ['IPv4, a /24', '203.0.113.0/24', '203.0.112.0/20', v4, OF_SIXTY],
] as const;

describe.each(LAST_MODE)('one phone of a carrier that leaves codes unused (%s)', (mode) => {
  let app: TestApp;

  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const start = async (env: Record<string, string>) => {
    app = await TestApp.start({ mode, env: { ...DEFAULTS, ...env } });
    const captcha = app.nest.get<Captcha | undefined>(CAPTCHA);
    if (captcha)
      jest.spyOn(captcha, 'verify').mockImplementation(async (answer) => answer === SOLVED);
  };
  const post = (path: string, address: string, body: object) =>
    postCheaply(app.baseUrl + path, body, { 'x-forwarded-for': address });
  /** As a client does that solves the captcha when it is asked to. */
  const ask = async (mobile: string, address: string) => {
    const asked = await post('/auth/codes', address, { mobile });
    if (asked.status !== 428) return asked;
    return post('/auth/codes', address, { mobile, captcha: SOLVED });
  };
  const logIn = async (mobile: string, address: string) => {
    const asked = await ask(mobile, address);
    if (asked.status !== 202) return [asked.status, asked.body.errorCode, asked.body.limit];
    const code = app.inbox.codeFor(mobile);
    return (await post('/auth/tokens', address, { mobile, code })).status;
  };
  const others = () => crowd(20, (index) => logIn(randomMobile(), `100.70.${index}.1`));
  /** Numbers that were verified from a network in the last two weeks, which have sessions no more. */
  const remember = (numbers: number, { network, host }: { network: string; host: string }) =>
    app.sql.getRepository(SmsDelivery).insert(
      Array.from({ length: numbers }, (_, index) => ({
        id: `${numbers}${network.length}${1000 + index}`,
        challengeId: `${network} ${index}`.slice(0, 32),
        mobile: `+86137****${1000 + index}`,
        country: 'CN',
        provider: 'webhook' as const,
        outcome: 'sent' as const,
        price: 50_000,
        audience: 'fresh' as const,
        network,
        host,
        createdAt: new Date(),
        verifiedAt: new Date(),
      })),
    );
  /** It moves on when it has used up an address. */
  const attack = async (addresses: readonly string[]) => {
    const answers = await crowd(addresses.length, async (index) => {
      const ofAddress: number[] = [];
      for (let count = 0; count <= PER_ADDRESS; count++)
        ofAddress.push((await ask(randomMobile(), addresses[index]!)).status);
      return ofAddress;
    });
    return answers.flat().filter((status) => status === 202).length;
  };

  it.each(CARRIERS)(
    'rule 21: shuts out nobody who uses theirs: %s',
    async (_, network, host, addressOf, shares) => {
      await start({ CAPTCHA: 'altcha', SMS_BUDGET_DAILY: '200' });
      await remember(60, { network, host });
      await remember(1, NEXT_TO_IT);

      const sent = await attack(Array.from({ length: 12 }, (_unused, index) => addressOf(index)));
      const people = await crowd(20, (index) => logIn(randomMobile(), addressOf(100 + index)));

      // And then two at each address.
      expect(sent).toBeLessThanOrEqual(shares + 2 * 12);
      expect(people).toEqual(Array(20).fill(201));
      expect(await others()).toEqual(Array(20).fill(201));
    },
  );

  it('rule 21: leaves others a quarter of what strangers have at once, however long it goes on', async () => {
    await start({ CAPTCHA: 'altcha' });
    await remember(60, { network: '2001:db8:8::/48', host: '2001:db8::/32' });
    await remember(1, NEXT_TO_IT);

    const sent = await attack(Array.from({ length: 40 }, (_unused, index) => spread(index)));

    // Three quarters of 150, and what flows in meanwhile.
    expect([112, 113]).toContain(sent);
    expect(await others()).toEqual(Array(20).fill(201));
  });

  it('rule 21: gains nothing by the codes that people use there once its shares are used up', async () => {
    await start({ CAPTCHA: 'altcha' });
    await remember(60, { network: '2001:db8:8::/48', host: '2001:db8::/32' });
    await remember(1, NEXT_TO_IT);
    const addresses = Array.from({ length: 40 }, (_unused, index) => spread(index));

    const before = await attack(addresses.slice(0, 8));
    const people = await crowd(12, (index) => logIn(randomMobile(), spread(100 + index)));
    await app.nest.get(UsedCodesService).flush();
    const after = await attack(addresses.slice(8));

    expect(people).toEqual(Array(12).fill(201));
    expect([112, 113]).toContain(before + people.length + after);
    expect(await others()).toEqual(Array(20).fill(201));
  });

  it('is refused with its whole network where nobody logs in', async () => {
    await start({ CAPTCHA: 'altcha' });

    const sent = await attack(Array.from({ length: 30 }, (_, index) => v4(index)));

    expect(sent).toBeLessThanOrEqual(20);
    expect(await logIn(randomMobile(), v4(200))).toContain(429);
  });

  it('makes a paused prefix one with a captcha for a carrier, though its own network is new there', async () => {
    await start({ CAPTCHA: 'altcha', SMS_BUDGET_DAILY: '10000' });
    await remember(60, { network: '2001:db8:7::/48', host: '2001:db8::/32' });
    const block = numbersOfBlock();
    await crowd(30, (index) =>
      post('/auth/codes', `20.${index}.7.1`, { mobile: block.next().value }),
    );
    passTime(HOUR_MS / 4);

    const people = await crowd(10, (index) =>
      logIn(block.next().value, `2001:db8:${20 + index}::1`),
    );
    const strangers = await crowd(10, (index) => logIn(block.next().value, `21.${index}.7.1`));

    expect(people).toEqual(Array(10).fill(201));
    expect(strangers.filter((outcome) => outcome !== 201).length).toBeGreaterThan(6);
  });

  it('is counted with all that its operator holds, where that is known', async () => {
    const NETWORKS_FILE = join(mkdtempSync(join(tmpdir(), 'tandem-networks-')), 'networks.txt');
    writeFileSync(NETWORKS_FILE, '198.18.0.0/15 Rented\n203.0.113.0/24 Rented\n');
    await start({ NETWORKS_FILE });

    const sent = await attack(Array.from({ length: 30 }, (_, index) => `198.18.${index * 8}.1`));

    // Two per cent for each network, and four times as much for the operator; half of it at once.
    expect(sent).toBeLessThanOrEqual(80);
    expect(await logIn(randomMobile(), '203.0.113.7')).toContain(429);
    expect(await logIn(randomMobile(), '203.0.114.7')).toBe(201);
    const flows = await app.sql.getRepository(SmsFlow).find();
    expect(flows.map(({ scope }) => scope)).toContain('operator Rented');
  });
});

function v6(network: string) {
  return (index: number) => `${network}:${index.toString(16)}::1`;
}

function spread(index: number): string {
  return `2001:db8:${['8', '9'][index % 2]}:${index.toString(16)}::1`;
}

function v4(index: number): string {
  return `203.0.113.${index}`;
}
