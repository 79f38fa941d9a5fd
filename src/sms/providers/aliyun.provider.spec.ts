import { createHash, createHmac } from 'node:crypto';
import { HttpRecorder, type RecordedRequest } from '../../../test/support/http-recorder';
import { itFailsSafely, MESSAGE, NOTICE } from '../../../test/support/sms-provider-contract';
import type { E164 } from '../../common/phone-number';
import { parseEnv } from '../../config/load-env';
import { AliyunProvider } from './aliyun.provider';

const KEY_ID = 'the access key id of a test';
const KEY_SECRET = 'the access key of a test';
const SENT = { body: { Code: 'OK', Message: 'OK', BizId: '9006197469364984', RequestId: 'F655' } };

const aliyun = (url: string) =>
  new AliyunProvider(
    parseEnv({
      SMS_PROVIDERS: 'aliyun',
      ALIYUN_ACCESS_KEY_ID: KEY_ID,
      ALIYUN_ACCESS_KEY_SECRET: KEY_SECRET,
      ALIYUN_SIGN_NAME: '双人车',
      ALIYUN_TEMPLATES: 'SMS_111,en:SMS_222,zh-TW:SMS_333',
      ALIYUN_NOTICE_TEMPLATES: 'SMS_444',
      ALIYUN_ENDPOINT: url,
    }),
  );

const refused = (Code: string, Message = 'refused') => ({ body: { Code, Message } });
const throttled = (message: string) => refused('isv.BUSINESS_LIMIT_CONTROL', message);
const never = new AbortController().signal;
const parametersOf = ({ path }: RecordedRequest) =>
  Object.fromEntries(new URL(path, 'http://api').searchParams);

describe('AliyunProvider', () => {
  let api: HttpRecorder;

  beforeAll(async () => {
    api = await HttpRecorder.start();
  });
  afterAll(() => api.close());
  beforeEach(() => api.answer(SENT));

  it('calls SendSms with the template and its parameter, and returns the BizId', async () => {
    const id = await aliyun(api.url).send(MESSAGE, never);

    const [request] = api.requests;
    expect(id).toBe('9006197469364984');
    expect(api.requests).toHaveLength(1);
    expect(request).toMatchObject({
      method: 'POST',
      headers: { 'x-acs-action': 'SendSms', 'x-acs-version': '2017-05-25' },
    });
    expect(parametersOf(request!)).toEqual({
      PhoneNumbers: '13812345678',
      SignName: '双人车',
      TemplateCode: 'SMS_222',
      TemplateParam: '{"code":"493817"}',
    });
  });

  it('signs the request with its key (ACS3-HMAC-SHA256)', async () => {
    await aliyun(api.url).send(MESSAGE, never);

    const [request] = api.requests;
    const { authorization } = request!.headers;
    expect(request!.headers['x-acs-content-sha256']).toBe(sha256(request!.body));
    expect(authorization).toContain(`ACS3-HMAC-SHA256 Credential=${KEY_ID},`);
    expect(authorization).toContain(`Signature=${signatureOf(request!, KEY_SECRET)}`);
    expect(authorization).not.toContain(signatureOf(request!, 'another key'));
  });

  it.each([
    ['+8613812345678', '13812345678'],
    ['+85251234567', '85251234567'],
    ['+12025550123', '12025550123'],
  ])('spells %s as %s', async (mobile, spelled) => {
    await aliyun(api.url).send({ ...MESSAGE, to: mobile as E164 }, never);

    expect(parametersOf(api.requests[0]!)).toMatchObject({ PhoneNumbers: spelled });
  });

  it.each([
    ['en-GB', 'SMS_222'],
    ['zh-TW', 'SMS_333'],
    ['zh-CN', 'SMS_111'],
  ])('takes the template of the language: %s', async (locale, template) => {
    await aliyun(api.url).send({ ...MESSAGE, locale }, never);

    expect(parametersOf(api.requests[0]!)).toMatchObject({ TemplateCode: template });
  });

  it('sends a notice by a template of its own', async () => {
    await aliyun(api.url).send(NOTICE, never);

    expect(parametersOf(api.requests[0]!)).toMatchObject({
      TemplateCode: 'SMS_444',
      TemplateParam: JSON.stringify({ what: NOTICE.what }),
    });
  });

  itFailsSafely({
    at: aliyun,
    secrets: [KEY_SECRET],
    refusals: [
      [{ body: { Code: 'isv.AMOUNT_NOT_ENOUGH', Message: 'No money' } }, 'isv.AMOUNT_NOT_ENOUGH'],
      [{ body: { Code: 'isv.DAY_LIMIT_CONTROL', Message: 'Limit' } }, 'isv.DAY_LIMIT_CONTROL'],
      [
        { status: 403, body: { Code: 'SignatureDoesNotMatch', Message: 'Not the key' } },
        'SignatureDoesNotMatch, HTTP 403',
      ],
      [{ status: 400, body: { Code: 'Throttling.User', Message: 'Flow' } }, 'Throttling.User'],
    ],
    failures: [
      [refused('isv.MOBILE_NUMBER_ILLEGAL'), { kind: 'recipient' }],
      [refused('isv.SMS_CONTENT_ILLEGAL'), { kind: 'content' }],
      [throttled('触发分钟级流控Permits:1'), { kind: 'number-throttled', waitSeconds: 60 }],
      [throttled('触发小时级流控Permits:5'), { kind: 'number-throttled', waitSeconds: 3600 }],
      [throttled('触发天级流控Permits:10'), { kind: 'number-throttled', waitSeconds: 86_400 }],
      [throttled('Limit'), { kind: 'number-throttled' }],
      [
        { status: 400, body: { Code: 'Throttling.User', Message: 'Flow' } },
        { kind: 'account-throttled' },
      ],
      [refused('isv.DAY_LIMIT_CONTROL'), { kind: 'account-throttled', waitSeconds: 3600 }],
      [refused('isv.AMOUNT_NOT_ENOUGH'), { kind: 'account' }],
      [
        { status: 404, body: { Code: 'InvalidAccessKeyId.NotFound', Message: 'None' } },
        { kind: 'account' },
      ],
      [refused('isp.SYSTEM_ERROR'), { kind: 'outage' }],
      [refused('isv.OF_TOMORROW'), { kind: 'unknown' }],
    ],
  });
});

/** https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature */
function signatureOf({ method, path, headers, body }: RecordedRequest, secret: string): string {
  const { pathname, searchParams } = new URL(path, 'http://api');
  const [, names] = /SignedHeaders=([^,]+)/.exec(headers.authorization!)!;
  const query = [...searchParams].map(([key, value]) => `${encode(key)}=${encode(value)}`);
  const signed = names!.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = [
    method,
    pathname,
    query.toSorted().join('&'),
    signed.join(''),
    names,
    sha256(body),
  ].join('\n');
  const mac = createHmac('sha256', secret).update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`);
  return mac.digest('hex');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** RFC 3986. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
