import { readFileSync } from 'node:fs';
import https from 'node:https';
import { Clock } from '../../src/common/clock';
import { parseEnv } from '../../src/config/load-env';
import { HostAddressesService } from '../../src/webhooks/calls/host-addresses.service';
import { WebhookCallsService } from '../../src/webhooks/calls/webhook-calls.service';
import { makeCertificate } from '../support/certificate';
import { NameServer } from '../support/name-server';
import { WebhookReceiver } from '../support/webhook-receiver';

const NAMES = {
  'public.example': ['1.1.1.1', '2606:4700:4700::1111'],
  'mixed.example': ['1.1.1.1', '127.0.0.1'],
  'mixed6.example': ['1.1.1.1', '::1'],
  'mapped.example': ['::ffff:169.254.169.254'],
  'metadata.example': ['169.254.169.254'],
  'carrier.example': ['100.100.100.200'],
  'empty.example': [],
  'here.example': ['127.0.0.1'],
};

describe('calls of webhooks', () => {
  let names: NameServer;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    names = await NameServer.open(NAMES);
    receiver = await WebhookReceiver.open();
  });
  beforeEach(() => {
    receiver.calls.length = 0;
    receiver.behave = () => 200;
  });
  afterAll(async () => {
    names.close();
    await receiver.close();
  });

  const callsWith = (env: Record<string, string> = {}) => {
    const settings = parseEnv({ NODE_ENV: 'test', ...env });
    const hosts = new HostAddressesService(settings);
    hosts.resolver.setServers([names.address]);
    return new WebhookCallsService(new Clock(), settings, hosts);
  };
  const post = (url: string, env?: Record<string, string>, stop?: AbortSignal) =>
    callsWith(env).post({ url, id: 'evt_1', body: '{}', keys: [Buffer.alloc(32)] }, stop);

  it.each([
    '127.0.0.1',
    '127.1',
    '0x7f.1',
    '2130706433',
    '0',
    '10.0.0.1',
    '169.254.169.254',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fd00:ec2::254]',
  ])('go to no address that is not public: %s', async (host) => {
    const outcome = await post(`http://${host}:${receiver.port}/`);

    expect(outcome).toMatchObject({ failure: 'address' });
    expect(receiver.calls).toEqual([]);
  });

  it.each([
    'mixed.example',
    'mixed6.example',
    'mapped.example',
    'metadata.example',
    'carrier.example',
  ])('go to no name of which a single address is not public: %s', async (name) => {
    expect(await post(`http://${name}:${receiver.port}/`)).toMatchObject({ failure: 'address' });
  });

  it('to what has no address say so', async () => {
    expect(await post('http://empty.example/')).toMatchObject({ failure: 'dns' });
    expect(await post('http://localhost/')).toMatchObject({
      failure: expect.stringMatching(/dns|address/),
    });
  });

  it('ask for the name once, and connect to that very address, by the name', async () => {
    names.asked.length = 0;
    const proxy = { HTTP_PROXY: 'http://127.0.0.1:9', NODE_USE_ENV_PROXY: '1' };
    jest.replaceProperty(process, 'env', { ...process.env, ...proxy });

    const outcome = await post(`http://here.example:${receiver.port}/`, {
      WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8',
    });
    jest.restoreAllMocks();

    expect(outcome).toMatchObject({ status: 200, failure: undefined });
    expect(names.asked).toEqual(['here.example']);
    expect(receiver.calls[0]!.headers.host).toBe(`here.example:${receiver.port}`);
  });

  it('go to names and networks of one’s own that are listed, and to no others', async () => {
    const listed = { WEBHOOK_ALLOW_PRIVATE: 'localhost,10.0.0.0/8' };

    expect(await post(`http://localhost:${receiver.port}/`, listed)).toMatchObject({ status: 200 });
    expect(await post(`http://127.0.0.1:${receiver.port}/`, listed)).toMatchObject({
      failure: 'address',
    });
  });

  it('by https present the name, and trust no certificate that is not for it', async () => {
    const files = makeCertificate('here.example');
    const [cert, key] = [files.certificate, files.key].map((file) => readFileSync(file, 'utf8'));
    const secure = await WebhookReceiver.open({ cert: cert!, key: key! });
    const env = { WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8' };
    const url = (name: string) => `https://${name}:${secure.port}/`;
    const untrusted = await post(url('here.example'), env);
    const request = https.request;
    const spy = jest
      .spyOn(https, 'request')
      .mockImplementation(((to: URL, options: object) =>
        request(to, { ...options, ca: cert })) as never);

    const trusted = await post(url('here.example'), env);
    const forAnother = await post(url('127.0.0.1'), env);
    spy.mockRestore();
    await secure.close();

    expect([untrusted.failure, trusted.failure, forAnother.failure]).toEqual([
      'tls',
      undefined,
      'tls',
    ]);
  });

  it('go by https in production', async () => {
    const JWT_SECRET = 'c8Tg0nPz4uYwQe7RkLm2VdXs5hJb9fAa';
    const env = {
      NODE_ENV: 'production',
      JWT_SECRET,
      DATABASE_URL: 'sqlite:x.db',
      REDIS_URL: 'none',
      SMS_PROVIDERS: 'log',
    };

    expect(await post('http://public.example/', env)).toMatchObject({ failure: 'plain_http' });
  });

  it('end when nobody answers, also while the name is looked up', async () => {
    receiver.behave = () => 'hang';
    const env = { WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8' };
    const stop = new AbortController();
    const outcomes = [
      post(`http://127.0.0.1:${receiver.port}/`, env, stop.signal),
      post('http://unanswered.example/', env, stop.signal),
    ];
    while (receiver.calls.length === 0) await new Promise(setImmediate);

    stop.abort();

    for (const outcome of await Promise.all(outcomes)) {
      expect(outcome).toMatchObject({ failure: 'timeout' });
    }
  });
});
