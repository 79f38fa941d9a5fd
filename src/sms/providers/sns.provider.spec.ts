import { createHash, createHmac } from 'node:crypto';
import { HttpRecorder, type RecordedRequest } from '../../../test/support/http-recorder';
import { itFailsSafely, MESSAGE } from '../../../test/support/sms-provider-contract';
import { parseEnv } from '../../config/load-env';
import { SnsProvider } from './sns.provider';

const KEY_ID = 'TESTKEYIDOFNOBODY';
const SECRET_KEY = 'the secret key of a test';
const SENT = {
  headers: { 'content-type': 'text/xml' },
  body: `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>
<MessageId>94f20ce6-13c5-43a0-9a9e-ca52d816e90b</MessageId></PublishResult></PublishResponse>`,
};

const sns = (url: string, changes: Record<string, string> = {}) =>
  new SnsProvider(
    parseEnv({
      SMS_PROVIDERS: 'sns',
      SNS_REGION: 'eu-central-1',
      SNS_ACCESS_KEY_ID: KEY_ID,
      SNS_SECRET_ACCESS_KEY: SECRET_KEY,
      SNS_ENDPOINT: url,
      ...changes,
    }),
  );

const never = new AbortController().signal;
const failed = (status: number, code: string, message: string) => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>
<Code>${code}</Code><Message>${message} ${MESSAGE.to} ${MESSAGE.text}</Message></Error></ErrorResponse>`,
});

describe('SnsProvider', () => {
  let api: HttpRecorder;

  beforeAll(async () => {
    api = await HttpRecorder.start();
  });
  afterAll(() => api.close());
  beforeEach(() => api.answer(SENT));

  it('publishes a transactional message, and returns its id', async () => {
    const id = await sns(api.url).send(MESSAGE, never);

    const [request] = api.requests;
    expect(id).toBe('94f20ce6-13c5-43a0-9a9e-ca52d816e90b');
    expect(api.requests).toHaveLength(1);
    expect(request).toMatchObject({ method: 'POST', path: '/' });
    expect(Object.fromEntries(new URLSearchParams(request!.body))).toEqual({
      Action: 'Publish',
      Version: '2010-03-31',
      PhoneNumber: MESSAGE.to,
      Message: MESSAGE.text,
      'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
    });
  });

  it('names the sender when there is a sender id', async () => {
    await sns(api.url, { SNS_SENDER_ID: 'Tandem' }).send(MESSAGE, never);

    expect(Object.fromEntries(new URLSearchParams(api.requests[0]!.body))).toMatchObject({
      'MessageAttributes.entry.2.Name': 'AWS.SNS.SMS.SenderID',
      'MessageAttributes.entry.2.Value.DataType': 'String',
      'MessageAttributes.entry.2.Value.StringValue': 'Tandem',
    });
  });

  it('signs the request with its key (SigV4)', async () => {
    await sns(api.url).send(MESSAGE, never);

    const [request] = api.requests;
    const { authorization } = request!.headers;
    expect(authorization).toMatch(
      new RegExp(`^AWS4-HMAC-SHA256 Credential=${KEY_ID}/\\d{8}/eu-central-1/sns/aws4_request, `),
    );
    expect(authorization).toContain(`Signature=${signatureOf(request!, SECRET_KEY)}`);
    expect(authorization).not.toContain(signatureOf(request!, 'another key'));
  });

  itFailsSafely({
    at: sns,
    secrets: [SECRET_KEY],
    refusals: [
      [
        failed(403, 'AuthorizationError', 'not authorized to perform: SNS:Publish'),
        'AuthorizationErrorException, HTTP 403',
      ],
      [failed(400, 'Throttling', 'Rate exceeded'), 'Throttling'],
      [failed(400, 'InvalidParameter', 'Invalid parameter: SenderID'), 'InvalidParameterException'],
    ],
    failures: [
      [
        failed(400, 'InvalidParameter', 'Invalid parameter: PhoneNumber Reason:'),
        { kind: 'recipient' },
      ],
      [failed(400, 'OptedOut', 'Opted out'), { kind: 'recipient' }],
      [failed(400, 'Throttling', 'Rate exceeded'), { kind: 'account-throttled' }],
      [failed(403, 'AuthorizationError', 'not authorized'), { kind: 'account' }],
      [failed(403, 'InvalidClientTokenId', 'no such key'), { kind: 'account' }],
      [failed(500, 'InternalError', 'sorry'), { kind: 'outage' }],
      [failed(400, 'InvalidParameter', 'Invalid parameter: SenderID'), { kind: 'unknown' }],
    ],
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf({ method, path, headers, body }: RecordedRequest, key: string): string {
  const [, scope, names] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(
    headers.authorization!,
  )!;
  const signed = names!.split(';').map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = [method, path, '', signed.join(''), names, sha256(body)].join('\n');
  const text = `AWS4-HMAC-SHA256\n${headers['x-amz-date'] as string}\n${scope}\n${sha256(canonical)}`;
  const keys = scope!
    .split('/')
    .reduce<string | Buffer>((mac, part) => hmac(mac, part), `AWS4${key}`);
  return hmac(keys, text).toString('hex');
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();
