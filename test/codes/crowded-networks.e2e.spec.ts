import { Clock } from '../../src/common/clock';
import { NetworkHistoryService } from '../../src/sms/network-history.service';
import { SmsFlow } from '../../src/sms/sms-flow.entity';
import type { SmsProvider } from '../../src/sms/sms-provider';
import { SMS_PROVIDERS, SmsSenderService } from '../../src/sms/sms-sender.service';
import { solve } from '../support/altcha';
import { passTime } from '../support/clock';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR_MS = 3_600_000;
const ADDRESS = '203.0.113.7';
const NETWORK = '203.0.113.0/24';
/** What the reserve has for a number in a network of its user. */
const RESERVED = 2;
const ENV = {
  ALIYUN_ACCESS_KEY_ID: 'the key id of a test',
  ALIYUN_ACCESS_KEY_SECRET: 'the key of a test',
  ALIYUN_SIGN_NAME: 'Tandem',
  ALIYUN_TEMPLATES: 'SMS_111',
  CAPTCHA: 'altcha',
  LIMITS: 'code-cooldown=99/1m,easy-codes-per-address=4/1h',
  NETWORK_SHARE: '20',
  SMS_BUDGET_DAILY: '100',
  SMS_PROVIDERS: 'webhook,aliyun',
  TRUST_PROXY: '1',
};

describe.each(MODES)('a network of many people whose share is used up (%s)', (mode) => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({ mode, env: ENV });
    const isOfMany = { network: true, host: true };
    jest.spyOn(app.nest.get(NetworkHistoryService), 'areOfMany').mockResolvedValue(isOfMany);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  const post = (path: string, body: object) =>
    app.post(path, body, { headers: { 'x-forwarded-for': ADDRESS } });
  const ask = (mobile: string, more: object = {}) => post('/auth/codes', { mobile, ...more });
  const solved = async (mobile: string) => solve((await post('/auth/captcha', { mobile })).body);
  const useUpShare = async () => {
    const total = (app.nest.get(Clock).now() + 72 * HOUR_MS) * 1000;
    const flow = { scope: NETWORK, fresh: 0, home: 0, total };
    await app.sql.getRepository(SmsFlow).upsert(flow, ['scope']);
  };

  it('helps owners who have had what is reserved for them as it helps strangers', async () => {
    const mobile = randomMobile();
    await ask(mobile);
    await post('/auth/tokens', { mobile, code: app.inbox.codeFor(mobile) });
    passTime(2 * HOUR_MS);
    await useUpShare();
    for (let count = 0; count < RESERVED; count++) expect((await ask(mobile)).status).toBe(202);

    expectRefusal(await ask(mobile), 'CAPTCHA_REQUIRED');
    expect((await ask(mobile, { captcha: await solved(mobile) })).status).toBe(202);
  });

  it('takes a captcha once, when that happens between the captcha and the message', async () => {
    for (let count = 0; count < 4; count++) await ask(randomMobile());
    const mobile = randomMobile();
    expectRefusal(await ask(mobile), 'CAPTCHA_REQUIRED');
    const sms = app.nest.get(SmsSenderService);
    const send = sms.send.bind(sms);
    jest.spyOn(sms, 'send').mockImplementationOnce(async (delivery) => {
      await useUpShare();
      await send(delivery);
    });

    expect((await ask(mobile, { captcha: await solved(mobile) })).status).toBe(202);
  });

  it('asks no provider again when the first one may have sent the message', async () => {
    const providers = app.nest.get<Map<string, SmsProvider>>(SMS_PROVIDERS);
    const [first, second] = ['webhook', 'aliyun'].map((name) =>
      jest.spyOn(providers.get(name)!, 'send'),
    );
    first!.mockImplementationOnce(async () => {
      await useUpShare();
      throw new DOMException('', 'TimeoutError');
    });
    const mobile = randomMobile();

    expectRefusal(await ask(mobile), 'UNAVAILABLE');
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).not.toHaveBeenCalled();
  });
});
