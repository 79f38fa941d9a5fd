import { createHash, createHmac } from 'node:crypto';
import { HttpRecorder, type RecordedRequest } from '../../../test/support/http-recorder';
import { itFailsSafely, MESSAGE, NOTICE } from '../../../test/support/sms-provider-contract';
import { parseEnv } from '../../config/load-env';
import { TencentProvider } from './tencent.provider';

const SECRET_ID = 'the secret id of a test';
const SECRET_KEY = 'the secret key of a test';
const SENT = { body: { Response: { SendStatusSet: [{ SerialNo: '5000:16', Code: 'Ok' }] } } };

const tencent = (url: string, changes: Record<string, string> = {}) =>
  new TencentProvider(
    parseEnv({
      SMS_PROVIDERS: 'tencent',
      TENCENT_SECRET_ID: SECRET_ID,
      TENCENT_SECRET_KEY: SECRET_KEY,
      TENCENT_SDK_APP_ID: '1400006666',
      TENCENT_SIGN_NAME: '双人车',
      TENCENT_TEMPLATES: '1110,en:2220',
      TENCENT_NOTICE_TEMPLATES: '3330',
      TENCENT_ENDPOINT: url,
      ...changes,
    }),
  );

const never = new AbortController().signal;
const refused = (Code: string) => ({
  body: { Response: { SendStatusSet: [{ SerialNo: '', Code, Message: 'refused' }] } },
});
const throttled = (waitSeconds?: number) => ({ kind: 'number-throttled' as const, waitSeconds });
const failed = (Code: string) => ({
  body: { Response: { Error: { Code, Message: 'failed' }, RequestId: 'F655' } },
});

describe('TencentProvider', () => {
  let api: HttpRecorder;

  beforeAll(async () => {
    api = await HttpRecorder.start();
  });
  afterAll(() => api.close());
  beforeEach(() => api.answer(SENT));

  it('calls SendSms with the template and its parameters, and returns the serial number', async () => {
    const id = await tencent(api.url).send(MESSAGE, never);

    const [request] = api.requests;
    expect(id).toBe('5000:16');
    expect(api.requests).toHaveLength(1);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/',
      headers: {
        'x-tc-action': 'SendSms',
        'x-tc-version': '2021-01-11',
        'x-tc-region': 'ap-guangzhou',
      },
    });
    expect(JSON.parse(request!.body)).toEqual({
      PhoneNumberSet: ['+8613812345678'],
      SmsSdkAppId: '1400006666',
      SignName: '双人车',
      TemplateId: '2220',
      TemplateParamSet: ['493817', '5'],
    });
  });

  it('signs the request with its key (TC3-HMAC-SHA256)', async () => {
    await tencent(api.url).send(MESSAGE, never);

    const [request] = api.requests;
    const { authorization } = request!.headers;
    expect(authorization).toContain(`TC3-HMAC-SHA256 Credential=${SECRET_ID}/`);
    expect(authorization).toContain(`Signature=${signatureOf(request!, SECRET_KEY)}`);
    expect(authorization).not.toContain(signatureOf(request!, 'another key'));
  });

  it('takes the default template for other languages', async () => {
    await tencent(api.url).send({ ...MESSAGE, locale: 'zh-CN' }, never);

    expect(JSON.parse(api.requests[0]!.body)).toMatchObject({ TemplateId: '1110' });
  });

  it('sends a notice by a template of its own', async () => {
    await tencent(api.url).send(NOTICE, never);

    expect(JSON.parse(api.requests[0]!.body)).toMatchObject({
      TemplateId: '3330',
      TemplateParamSet: [NOTICE.what],
    });
  });

  it('sends no signature name where there is none, to the region that is configured', async () => {
    const changes = { TENCENT_SIGN_NAME: '', TENCENT_REGION: 'ap-singapore' };

    await tencent(api.url, changes).send(MESSAGE, never);

    expect(JSON.parse(api.requests[0]!.body)).not.toHaveProperty('SignName');
    expect(api.requests[0]!.headers['x-tc-region']).toBe('ap-singapore');
  });

  itFailsSafely({
    at: tencent,
    secrets: [SECRET_KEY],
    refusals: [
      [
        refused('FailedOperation.InsufficientBalanceInSmsPackage'),
        'FailedOperation.InsufficientBalanceInSmsPackage',
      ],
      [refused('LimitExceeded.AppDailyLimit'), 'LimitExceeded.AppDailyLimit'],
      [failed('AuthFailure.SignatureFailure'), 'AuthFailure.SignatureFailure'],
    ],
    failures: [
      [refused('FailedOperation.PhoneNumberInBlacklist'), { kind: 'recipient' }],
      [refused('UnsupportedOperation.GlobalTemplateToChineseMainlandPhone'), { kind: 'recipient' }],
      [failed('InvalidParameterValue.IncorrectPhoneNumber'), { kind: 'recipient' }],
      [refused('FailedOperation.ContainSensitiveWord'), { kind: 'content' }],
      [refused('LimitExceeded.PhoneNumberThirtySecondLimit'), throttled(30)],
      [refused('LimitExceeded.PhoneNumberOneHourLimit'), throttled(3600)],
      [refused('LimitExceeded.PhoneNumberDailyLimit'), throttled(86_400)],
      [refused('LimitExceeded.DeliveryFrequencyLimit'), throttled()],
      [refused('LimitExceeded.AppDailyLimit'), { kind: 'account-throttled', waitSeconds: 3600 }],
      [failed('RequestLimitExceeded.UinLimitExceeded'), { kind: 'account-throttled' }],
      [refused('FailedOperation.InsufficientBalanceInSmsPackage'), { kind: 'account' }],
      [failed('AuthFailure.SignatureFailure'), { kind: 'account' }],
      [failed('InternalError.Timeout'), { kind: 'outage' }],
      [refused('FailedOperation.OtherError'), { kind: 'unknown' }],
    ],
  });
});

/** https://www.tencentcloud.com/document/product/382/40490 */
function signatureOf({ method, path, headers, body }: RecordedRequest, key: string): string {
  const [, scope, names] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(
    headers.authorization!,
  )!;
  // The SDK signs the host without its port, which the real endpoint does not have.
  const signed = names!.split(';').map((name) => `${name}:${valueOf(headers, name)}\n`);
  const canonical = [method, path, '', signed.join(''), names, sha256(body)].join('\n');
  const text = `TC3-HMAC-SHA256\n${headers['x-tc-timestamp'] as string}\n${scope}\n${sha256(canonical)}`;
  const keys = scope!
    .split('/')
    .reduce<string | Buffer>((mac, part) => hmac(mac, part), `TC3${key}`);
  return hmac(keys, text).toString('hex');
}

const valueOf = (headers: RecordedRequest['headers'], name: string) =>
  name === 'host' ? new URL(`http://${headers.host}`).hostname : String(headers[name]);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();
