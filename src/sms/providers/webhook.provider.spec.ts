import { Webhook } from 'standardwebhooks';
import { HttpRecorder, type RecordedRequest } from '../../../test/support/http-recorder';
import { itFailsSafely, MESSAGE, NOTICE } from '../../../test/support/sms-provider-contract';
import { parseEnv } from '../../config/load-env';
import { WebhookProvider } from './webhook.provider';

const SECRET = 'the key of the test webhook';

const webhook = (url: string) =>
  new WebhookProvider(
    parseEnv({
      SMS_PROVIDERS: 'webhook',
      SMS_WEBHOOK_URL: `${url}/sms?tenant=1`,
      SMS_WEBHOOK_SECRET: SECRET,
    }),
  );

const never = new AbortController().signal;
const verify = ({ body, headers }: RecordedRequest, secret = SECRET) =>
  new Webhook(secret, { format: 'raw' }).verify(body, headers as Record<string, string>);
const idsOf = (requests: RecordedRequest[]) => requests.map(({ headers }) => headers['webhook-id']);

describe('WebhookProvider', () => {
  let api: HttpRecorder;

  beforeAll(async () => {
    api = await HttpRecorder.start();
  });
  afterAll(() => api.close());
  beforeEach(() => api.answer({ status: 204 }));

  it('posts number, text, code and locale as JSON, signed as Standard Webhooks', async () => {
    const id = await webhook(api.url).send(MESSAGE, never);

    const [request] = api.requests;
    expect(api.requests).toHaveLength(1);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/sms?tenant=1',
      headers: { 'content-type': 'application/json', 'webhook-id': id },
    });
    expect(verify(request!)).toEqual({
      to: MESSAGE.to,
      text: MESSAGE.text,
      code: MESSAGE.code,
      locale: MESSAGE.locale,
    });
    expect(() => verify(request!, 'another secret')).toThrow('No matching signature found');
  });

  it('posts the kind of a notice in place of a code', async () => {
    await webhook(api.url).send(NOTICE, never);

    const { to, text, notice, locale } = NOTICE;
    expect(verify(api.requests[0]!)).toEqual({ to, text, notice, locale });
  });

  it.each([
    ['a 5xx', { status: 503 }],
    ['a connection that breaks', 'reset' as const],
  ])('tries again after %s, as the same message', async (_, failure) => {
    api.answer(failure, failure, { status: 200 });

    const id = await webhook(api.url).send(MESSAGE, never);

    expect(idsOf(api.requests)).toEqual([id, id, id]);
    expect(api.requests.map((request) => verify(request))).toHaveLength(3);
  });

  it('gives another message another id', async () => {
    await webhook(api.url).send(MESSAGE, never);
    await webhook(api.url).send(MESSAGE, never);

    expect(new Set(idsOf(api.requests)).size).toBe(2);
  });

  it('does not try again once the signal has aborted', async () => {
    api.answer({ status: 500 });
    const controller = new AbortController();
    const sending = webhook(api.url).send(MESSAGE, controller.signal);
    await api.nextRequest();

    controller.abort();

    await expect(sending).rejects.toThrow('aborted');
    expect(api.requests).toHaveLength(1);
  });

  itFailsSafely({
    at: webhook,
    secrets: [SECRET],
    refusals: [
      [{ status: 400 }, 'HTTP 400'],
      [{ status: 401, body: { message: 'Who?' } }, 'HTTP 401'],
      [{ status: 304 }, 'HTTP 304'],
    ],
    failures: [
      [{ status: 422 }, { kind: 'recipient' }],
      [{ status: 401 }, { kind: 'access' }],
      [{ status: 429 }, { kind: 'account-throttled' }],
      [{ status: 404 }, { kind: 'unknown' }],
    ],
    attempts: 3,
  });
});
