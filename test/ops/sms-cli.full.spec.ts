import { randomUUID } from 'node:crypto';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { runCli } from '../support/cli';
import { openDatabase } from '../support/database';
import { numbersOfBlock, randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { ServerProcess } from '../support/server-process';
import { smsEnv } from '../support/sms-env';
import { SmsInbox } from '../support/sms-inbox';
import { freshStores, MODES } from '../support/stores';
import { until } from '../support/until';

/** Seconds within which every node knows a pause. */
const SOON = 1.5;
/** To ask again and again until a pause holds. */
const UNLIMITED = [
  'code-cooldown',
  'codes-per-address',
  'codes-per-number',
  'codes-per-number-and-network',
  'codes-to-owner',
  'fresh-codes-per-prefix',
];
const HOME = '192.0.2.7';

describe.each(MODES)('tandem sms (%s)', (mode) => {
  let inbox: SmsInbox;
  let env: Record<string, string>;
  let server: ServerProcess;

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    const settings = { JWT_SECRET: randomUUID(), TRUST_PROXY: '1', LOG_LEVEL: 'info' };
    const LIMITS = UNLIMITED.map((name) => `${name}=9999/1d`).join();
    env = { ...(await freshStores(mode)), ...smsEnv(inbox), ...settings, LIMITS };
    server = await ServerProcess.start(env);
  });
  afterAll(async () => {
    await server.stop('SIGKILL');
    await inbox.close();
  });

  const sms = (...parameters: string[]) => runCli(['sms', ...parameters], env);
  const ask = (mobile: string, address: string, device_token?: string) => {
    const headers = { 'x-forwarded-for': address };
    return server.post('/auth/codes', { mobile, device_token }, { headers });
  };
  const become = (status: number, act: () => ReturnType<typeof ask>) =>
    until(async () => (await act()).status === status, SOON);
  const paused = async () => JSON.parse((await sms('pauses', '--json')).stdout) as object[];

  it('pauses messages to a prefix for strangers, or for everybody, until it is resumed', async () => {
    const [known, fresh] = numbersOfBlock();
    const prefix = `${known!.slice(0, -4)}*`;
    await ask(known!, HOME);
    const login = { mobile: known, code: inbox.codeFor(known!) };
    const { body } = await server.post('/auth/tokens', login, {
      headers: { 'x-forwarded-for': HOME },
    });
    const { device_token } = body;
    // Enters what it gets: with a code in hand a device is answered without a message, also during a pause.
    const ofUser = async () => {
      const answer = await ask(known!, '198.51.100.7', device_token);
      const code = inbox.codeFor(known!);
      await server.post('/auth/tokens', { mobile: known, code, device_token });
      return answer;
    };

    expect((await sms('pause', prefix, '--for', '2h')).stdout).toContain(
      `Paused ${prefix} for strangers until `,
    );
    await become(503, () => ask(fresh!, '198.51.100.1'));
    const refused = await ask(known!, '203.0.113.1');
    expectRefusal(refused, 'SMS_PAUSED');
    expect(Number(refused.headers.get('retry-after'))).toBe(600);
    expect([(await ofUser()).status, (await ask(known!, HOME)).status]).toEqual([202, 202]);
    expect((await ask(randomMobile(), '203.0.113.2')).status).toBe(202);

    await sms('pause', prefix, '--everybody');
    await become(503, ofUser);
    expect(await paused()).toEqual([
      { target: prefix, by: 'operator', everybody: true, expires_at: expect.any(String) },
    ]);
    expect((await runCli(['block', 'list'], env)).stdout).toBe('Nothing is blocked.\n');

    expect((await sms('resume', prefix)).stdout).toBe(`${prefix} is not paused any more.\n`);
    await become(202, ofUser);
    expect((await sms('pauses')).stdout).toBe('Nothing is paused.\n');
  });

  it('pauses what is asked for in a network, and its neighbours go on', async () => {
    await sms('pause', '198.18.0.0/25', '--for', '1d');
    await become(503, () => ask(randomMobile(), '198.18.0.127'));

    expect((await ask(randomMobile(), '198.18.0.128')).status).toBe(202);
    expect((await sms('resume', '198.18.0.9/25')).exitCode).toBe(0);
    await become(202, () => ask(randomMobile(), '198.18.0.127'));
  });

  it('lists what the monitor has paused, and ends it', async () => {
    const block = numbersOfBlock();
    const scope = block.next().value.slice(0, -4);
    const database = await openDatabase(mode, env);
    const minute = Math.floor(Date.now() / 60_000) - 10;
    await database.getRepository(SmsConversion).insert({ scope, minute, sent: 40, verified: 3 });
    await database.destroy();
    // One number in twenty is a probe.
    const statuses = async () => {
      const answers = Array.from({ length: 8 }, () => ask(block.next().value, '203.0.113.9'));
      return (await Promise.all(answers)).map(({ status }) => status);
    };

    expect(await statuses()).toContain(503);
    expect(await paused()).toEqual([
      { target: `${scope}*`, by: 'monitor', everybody: false, sent: 40, used: 3 },
    ]);
    expect((await sms('resume', `${scope.slice(0, -2)}*`)).exitCode).toBe(0);
    expect(await statuses()).not.toContain(503);
    expect(await sms('resume', `${scope}*`)).toMatchObject({
      exitCode: 1,
      stderr: `${scope}* was not paused.\n`,
    });
  });
});
