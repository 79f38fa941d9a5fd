import { Webhook } from 'standardwebhooks';
import { randomMobile } from '../support/mobile';
import { freePort } from '../support/servers/free-port';
import type { ReceivedSms } from '../support/sms-inbox';
import { TestApp } from '../support/test-app';

const SECRET = 'the key of the test webhook';

describe('the SMS webhook', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { SMS_WEBHOOK_SECRET: SECRET } });
  });
  afterAll(() => app.close());

  const receive = async (body: object): Promise<ReceivedSms> => {
    expect((await app.post('/auth/codes', body)).status).toBe(202);
    return app.inbox.messages.at(-1)!;
  };

  it('gets number, text, code and locale as JSON', async () => {
    const mobile = randomMobile();

    const { raw } = await receive({ mobile, locale: 'en-GB' });

    const message = JSON.parse(raw.body);
    expect(raw.headers['content-type']).toBe('application/json');
    expect(message).toEqual({
      to: mobile,
      text: expect.stringMatching(`^${message.code} is your Tandem login code\\.`),
      code: expect.stringMatching(/^[0-9]{6}$/),
      locale: 'en',
    });
  });

  it.each([
    [{}, undefined, 'zh-CN'],
    [{}, 'da, pt-PT;q=0.8, en;q=0.5', 'pt-BR'],
    [{ locale: 'ja' }, 'pt-PT', 'ja'],
    [{ locale: 'da' }, 'tr', 'tr'],
  ])(
    'gets the language of the caller, or that of the number: %j, %s',
    async (body, languages, locale) => {
      const mobile = randomMobile();
      const headers = languages ? { 'accept-language': languages } : undefined;

      await app.post('/auth/codes', { mobile, ...body }, { headers });

      expect(app.inbox.messages.at(-1)).toMatchObject({ to: mobile, locale });
    },
  );

  it('can verify the signature with the secret, and with no other', async () => {
    const { body, headers } = (await receive({ mobile: randomMobile() })).raw;
    const verify = (secret: string, text = body) =>
      new Webhook(secret, { format: 'raw' }).verify(text, headers as Record<string, string>);

    expect(verify(SECRET)).toEqual(JSON.parse(body));
    expect(() => verify('another secret')).toThrow('No matching signature found');
    expect(() => verify(SECRET, body.replace('"to":"+86', '"to":"+852'))).toThrow(
      'No matching signature found',
    );
  });

  it('can tell two messages apart', async () => {
    const first = await receive({ mobile: randomMobile() });
    const second = await receive({ mobile: randomMobile() });

    expect(second.raw.headers['webhook-id']).not.toBe(first.raw.headers['webhook-id']);
  });
});

describe('SMS_PROVIDERS=webhook,log', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { SMS_PROVIDERS: 'webhook,log' } });
  });
  afterAll(() => app.close());

  it('prints the message that the webhook does not take', async () => {
    const mobile = randomMobile();
    const console = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    app.inbox.status = 500;

    const answer = await app.post('/auth/codes', { mobile });

    const printed = console.mock.calls.map(([text]) => String(text));
    console.mockRestore();
    expect(answer.status).toBe(202);
    expect(printed.filter((text) => text.startsWith(`SMS to ${mobile}: `))).toHaveLength(1);
  });

  it('prints nothing that the webhook takes', async () => {
    const mobile = randomMobile();
    const console = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    app.inbox.status = 200;

    await app.post('/auth/codes', { mobile });

    const printed = console.mock.calls.map(([text]) => String(text));
    console.mockRestore();
    expect(app.inbox.codeFor(mobile)).toMatch(/^[0-9]{6}$/);
    expect(printed.filter((text) => text.includes(mobile))).toEqual([]);
  });
});

describe('an SMS webhook that nobody listens at', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({
      // Servers of other tests, which may be given this port, listen at 127.0.0.1 alone.
      env: { SMS_WEBHOOK_URL: `http://127.0.0.2:${await freePort()}/sms` },
    });
  });
  afterAll(() => app.close());

  it('makes sending unavailable, and costs nothing', async () => {
    const mobile = randomMobile();

    const answers = [
      await app.post('/auth/codes', { mobile }),
      await app.post('/auth/codes', { mobile }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  });
});
