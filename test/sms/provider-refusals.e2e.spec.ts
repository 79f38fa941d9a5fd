import { HttpRecorder } from '../support/http-recorder';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';

const ALIYUN = {
  ALIYUN_ACCESS_KEY_ID: 'the key id of a test',
  ALIYUN_ACCESS_KEY_SECRET: 'the key of a test',
  ALIYUN_SIGN_NAME: '双人车',
  ALIYUN_TEMPLATES: 'SMS_111',
};
const TENCENT = {
  TENCENT_SECRET_ID: 'the secret id of a test',
  TENCENT_SECRET_KEY: 'the secret key of a test',
  TENCENT_SDK_APP_ID: '1400006666',
  TENCENT_SIGN_NAME: '双人车',
  TENCENT_TEMPLATES: '1110',
};

/** `+86` goes to Aliyun, `+852` to Tencent. */
describe('what a provider says of a number', () => {
  let aliyun: HttpRecorder;
  let tencent: HttpRecorder;
  let app: TestApp;

  beforeAll(async () => {
    [aliyun, tencent] = [await HttpRecorder.start(), await HttpRecorder.start()];
    const env = {
      ...ALIYUN,
      ...TENCENT,
      ALIYUN_ENDPOINT: aliyun.url,
      TENCENT_ENDPOINT: tencent.url,
      SMS_PROVIDERS: 'aliyun,tencent',
      SMS_ROUTES: 'CN:aliyun,HK:tencent',
    };
    app = await TestApp.start({ env });
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([aliyun.close(), tencent.close()]);
  });

  const ask = (mobile: string) => app.post('/auth/codes', { mobile });
  const aliyunSays = (Code: string, Message = '') => aliyun.answer({ body: { Code, Message } });
  const tencentSays = (Code: string) =>
    tencent.answer({ body: { Response: { SendStatusSet: [{ SerialNo: '', Code }] } } });

  it.each([
    ['触发小时级流控Permits:5', 3600],
    ['触发天级流控Permits:10', 86_400],
    ['流控', 60],
  ])(
    'is told as a limit with the time that it names: isv.BUSINESS_LIMIT_CONTROL %s',
    async (message, seconds) => {
      aliyunSays('isv.BUSINESS_LIMIT_CONTROL', message);

      const answer = await ask(randomMobile());

      expectRefusal(answer, 'TOO_MANY_REQUESTS');
      expect(answer.headers.get('retry-after')).toBe(String(seconds));
      expect(answer.body).toMatchObject({ limit: 'number', retry_after: seconds });
    },
  );

  it.each([
    ['LimitExceeded.PhoneNumberOneHourLimit', '+85251234561', 3600],
    // The cooldown of the number lasts longer.
    ['LimitExceeded.PhoneNumberThirtySecondLimit', '+85251234562', 60],
  ])('is told as a limit: %s', async (code, mobile, seconds) => {
    tencentSays(code);

    const answer = await ask(mobile);

    expectRefusal(answer, 'TOO_MANY_REQUESTS');
    expect(answer.headers.get('retry-after')).toBe(String(seconds));
  });

  it('is told as a number that gets no messages', async () => {
    aliyunSays('isv.MOBILE_NUMBER_ILLEGAL');

    expectRefusal(await ask(randomMobile()), 'NUMBER_UNREACHABLE');
  });

  it('is no outage of the provider, nor is what nobody knows', async () => {
    for (const code of ['isv.BUSINESS_LIMIT_CONTROL', 'isv.OF_TOMORROW']) {
      aliyunSays(code);
      for (let failed = 0; failed < 5; failed++) await ask(randomMobile());
    }
    aliyunSays('OK');

    expect((await ask(randomMobile())).status).toBe(202);
  });
});
