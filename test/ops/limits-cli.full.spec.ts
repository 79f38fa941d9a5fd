import { randomUUID } from 'node:crypto';
import { runCli } from '../support/cli';
import { randomMobile } from '../support/mobile';
import { ServerProcess } from '../support/server-process';
import { freePort } from '../support/servers/free-port';
import { SmsInbox } from '../support/sms-inbox';
import { smsEnv } from '../support/sms-env';
import { describeStandard, freshStores } from '../support/stores';

const LIMITS = 'codes-per-address=2/1h,guesses-per-number=2/1h,fresh-codes-per-prefix=3/1h';

describeStandard('tandem limits', () => {
  let inbox: SmsInbox;
  let env: Record<string, string>;
  let server: ServerProcess;

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    const settings = { JWT_SECRET: randomUUID(), TRUST_PROXY: '1', LOG_LEVEL: 'info', LIMITS };
    env = { ...(await freshStores('standard')), ...smsEnv(inbox), ...settings };
    server = await ServerProcess.start(env);
  });
  afterAll(async () => {
    await server.stop('SIGKILL');
    await inbox.close();
  });

  const limits = (...parameters: string[]) => runCli(['limits', ...parameters], env);

  async function show(...parameters: string[]): Promise<Record<string, string>> {
    const { stdout } = await limits('show', ...parameters, '--json');
    const rows: any[] = JSON.parse(stdout);
    const full = rows.filter(({ used }) => used > 0);
    return Object.fromEntries(
      full.map(({ limit, bucket, used, points }) => [`${limit} ${bucket}`, `${used}/${points}`]),
    );
  }

  const ask = async (mobile: string, address: string) =>
    (await server.post('/auth/codes', { mobile }, { headers: { 'x-forwarded-for': address } }))
      .status;
  const guess = (mobile: string, address: string) =>
    server.post(
      '/auth/tokens',
      { mobile, code: '000000' },
      { headers: { 'x-forwarded-for': address } },
    );

  it('show what a number has used up, and lift what is its own', async () => {
    const mobile = randomMobile();
    expect(await ask(mobile, '198.51.100.7')).toBe(202);
    expect(await ask(mobile, '198.51.100.7')).toBe(429);
    await guess(mobile, '198.51.100.99');

    const block = mobile.slice(0, -4);
    const shared = {
      [`fresh-codes-per-prefix ${block}`]: '1/3',
      'fresh-codes-per-country CN': '1/2000',
      'fresh-codes all': '1/10000',
    };
    const own = { [`codes-per-number ${mobile}`]: '1/8', [`guesses-per-number ${mobile}`]: '1/2' };
    expect(await show(mobile)).toMatchObject({ ...own, ...shared });
    expect(await show(mobile, '--from', '198.51.100.7')).toMatchObject({
      ...own,
      ...shared,
      [`code-cooldown ${mobile} 198.51.100.7`]: '1/1',
      [`codes-per-number-and-network ${mobile} 198.51.100.0/24`]: '1/4',
    });

    expect(await limits('lift', mobile, '--from', '198.51.100.7')).toEqual({
      exitCode: 0,
      stdout: 'Lifted 5 limits.\n',
      stderr: '',
    });
    expect(await ask(mobile, '198.51.100.7')).toBe(202);
    expect(Object.keys(await show(mobile))).not.toContain(`guesses-per-number ${mobile}`);
  });

  it('show and lift those of an address, in any of its networks', async () => {
    const numbers = Array.from({ length: 4 }, randomMobile);
    const statuses = [];
    for (const mobile of numbers.slice(0, 3)) statuses.push(await ask(mobile, '203.0.113.9'));

    expect(statuses).toEqual([202, 202, 429]);
    expect(await show('203.0.113.9')).toMatchObject({
      'codes-per-address 203.0.113.9': '2/2',
      'codes-per-address 203.0.113.0/24': '2/8',
      'codes-per-address 203.0.112.0/20': '2/32',
    });
    expect((await limits('show', '203.0.113.9')).stdout).toMatch(
      /^codes-per-address +2\/2 +(3600|35\d\d) s +203\.0\.113\.9$/m,
    );

    expect((await limits('lift', '203.0.113.9')).exitCode).toBe(0);
    expect(await ask(numbers[3]!, '203.0.113.9')).toBe(202);
    expect(await show('203.0.113.9')).toMatchObject({ 'codes-per-address 203.0.113.0/24': '3/8' });
  });

  it('lift what others share only when told to, and say what is left', async () => {
    const block = randomMobile().slice(0, -4);
    for (const end of ['0001', '0002', '0003']) {
      expect(await ask(block + end, `192.0.2.${Number(end)}`)).toBe(202);
    }
    expect(await ask(`${block}0004`, '192.0.2.44')).toBe(429);

    const partly = await limits('lift', `${block}0004`);
    expect([partly.exitCode, partly.stdout]).toEqual([1, 'Lifted 0 limits.\n']);
    expect(partly.stderr).toMatch(/^fresh-codes-per-prefix +3\/3 .+ \(shared\)$/m);

    expect((await limits('lift', `${block}0004`, '--shared')).exitCode).toBe(0);
    expect(await ask(`${block}0004`, '192.0.2.44')).toBe(202);
  });

  it('say so when Redis is away', async () => {
    const REDIS_URL = `redis://127.0.0.1:${await freePort()}`;

    const { exitCode, stdout, stderr } = await runCli(['limits', 'show', '192.0.2.1'], {
      ...env,
      REDIS_URL,
    });

    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Each process counts for itself, since Redis is away: .+\n$/);
  });
});

describe('tandem limits', () => {
  it('says that each process counts for itself where there is no Redis', async () => {
    expect(await runCli(['limits', 'show', '192.0.2.1'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'Without Redis each process counts for itself.\n',
    });
  });

  it.each([['nobody'], ['192.0.2.1/33'], ['192.0.2']])('takes %j for no target', async (text) => {
    const { exitCode, stderr } = await runCli(['limits', 'lift', text]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('It must be an address');
    expect(stderr).toContain('Usage: tandem limits lift ');
  });
});
