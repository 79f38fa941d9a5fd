import { HttpRecorder } from '../../../test/support/http-recorder';
import { itFailsSafely, MESSAGE } from '../../../test/support/sms-provider-contract';
import { parseEnv } from '../../config/load-env';
import { TwilioProvider } from './twilio.provider';

const SID = 'AC00000000000000000000000000000000';
const TOKEN = 'the auth token of a test';
const SENT = { status: 201, body: { sid: 'SM11111111111111111111111111111111', status: 'queued' } };

const twilio = (url: string, from = '+15005550006') =>
  new TwilioProvider(
    parseEnv({
      SMS_PROVIDERS: 'twilio',
      TWILIO_ACCOUNT_SID: SID,
      TWILIO_AUTH_TOKEN: TOKEN,
      TWILIO_FROM: from,
      TWILIO_ENDPOINT: url,
    }),
  );

const refused = (code: number, status = 400) => ({
  status,
  body: { code, message: 'refused', status },
});
const never = new AbortController().signal;

describe('TwilioProvider', () => {
  let api: HttpRecorder;

  beforeAll(async () => {
    api = await HttpRecorder.start();
  });
  afterAll(() => api.close());
  beforeEach(() => api.answer(SENT));

  it('creates a message in the account, and returns its SID', async () => {
    const id = await twilio(api.url).send(MESSAGE, never);

    const [request] = api.requests;
    expect(id).toBe('SM11111111111111111111111111111111');
    expect(api.requests).toHaveLength(1);
    expect(request).toMatchObject({
      method: 'POST',
      path: `/2010-04-01/Accounts/${SID}/Messages.json`,
      headers: {
        authorization: `Basic ${Buffer.from(`${SID}:${TOKEN}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
    expect(Object.fromEntries(new URLSearchParams(request!.body))).toEqual({
      To: MESSAGE.to,
      Body: MESSAGE.text,
      From: '+15005550006',
    });
  });

  it.each(['MGMGrand', '12345'])('sends from a sender id, also from %s', async (from) => {
    await twilio(api.url, from).send(MESSAGE, never);

    expect(Object.fromEntries(new URLSearchParams(api.requests[0]!.body))).toEqual({
      To: MESSAGE.to,
      Body: MESSAGE.text,
      From: from,
    });
  });

  it('sends from a messaging service when that is configured', async () => {
    const service = 'MG22222222222222222222222222222222';

    await twilio(api.url, service).send(MESSAGE, never);

    expect(Object.fromEntries(new URLSearchParams(api.requests[0]!.body))).toEqual({
      To: MESSAGE.to,
      Body: MESSAGE.text,
      MessagingServiceSid: service,
    });
  });

  itFailsSafely({
    at: twilio,
    secrets: [TOKEN, Buffer.from(`${SID}:${TOKEN}`).toString('base64')],
    refusals: [
      [
        { status: 401, body: { code: 20_003, message: 'Authenticate', status: 401 } },
        '20003, HTTP 401',
      ],
      [{ status: 429, body: { code: 20_429, message: 'Too many requests' } }, '20429, HTTP 429'],
    ],
    failures: [
      [refused(21_211), { kind: 'recipient' }],
      [refused(21_408, 403), { kind: 'recipient' }],
      [refused(21_610), { kind: 'recipient' }],
      [refused(21_617), { kind: 'content' }],
      [refused(20_429, 429), { kind: 'account-throttled' }],
      [refused(20_003, 401), { kind: 'account' }],
      [refused(21_606), { kind: 'content' }],
      [refused(21_635), { kind: 'recipient' }],
      [refused(20_503, 503), { kind: 'outage' }],
      [refused(29_999), { kind: 'unknown' }],
    ],
  });
});
