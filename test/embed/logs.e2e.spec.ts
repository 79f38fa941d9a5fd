import { ConsoleLogger } from '@nestjs/common';
import { context, trace } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { WebhookCallsService } from '../../src/webhooks/calls/webhook-calls.service';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { WebhookReceiver } from '../support/webhook-receiver';

/** Nest's own, which prints all that an error holds. */
const prepare = (nest: TestApp['nest']) =>
  nest.useLogger(new ConsoleLogger({ forceConsole: true, logLevels: ['warn', 'error'] }));

/** What the application prints from now on. */
function recordConsole(): () => string {
  const printed: string[] = [];
  for (const stream of ['log', 'error'] as const) {
    jest
      .spyOn(console, stream)
      .mockImplementation((...texts) => void printed.push(texts.join(' ')));
  }
  return () => printed.join('\n');
}

function expectNoSecret(log: string, { mobile, code }: { mobile: string; code: string }): void {
  expect(log).not.toContain(mobile.slice(3));
  expect(log).not.toContain(`'${code}'`);
  expect(log).not.toContain('parameters');
}

describe.each(MODES)('the log of a host application on Express (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ adapter: 'Express', mode, prepare });
  });
  afterAll(() => app.close());
  afterEach(() => jest.restoreAllMocks());

  it('rule 16: holds no parameter of a statement whose failure is passed over', async () => {
    await app.sql.query('ALTER TABLE tandem_sms_deliveries RENAME COLUMN audience TO away');
    const log = recordConsole();

    const request = await app.requestCode();
    await app.sql.query('ALTER TABLE tandem_sms_deliveries RENAME COLUMN away TO audience');

    expect(log()).toContain('SMS delivery could not be recorded');
    expect(log()).toMatch(/QueryFailedError[^]*audience[^]*\n +at /);
    expectNoSecret(log(), request);
  });

  it('rule 16: holds no number when a database fails for good', async () => {
    const request = await app.requestCode();
    await app.sql.query('ALTER TABLE tandem_users RENAME TO away');
    const log = recordConsole();

    const { body } = await app.post('/auth/tokens', request);
    await app.sql.query('ALTER TABLE away RENAME TO tandem_users');

    expect(body.errorCode).toBe('INTERNAL');
    expect(log()).toContain(`(request ${body.request_id})`);
    expect(log()).toMatch(/tandem_users[^]*\n +at /);
    expectNoSecret(log(), request);
  });
});

/** What is told of a webhook. */
const ofCall = (status: number, more = {}) => ({
  name: 'webhook deliver',
  attributes: { 'webhook.id': 'evt_1', 'http.response.status_code': status, ...more },
});

describe('a host application with a provider of OpenTelemetry', () => {
  const exporter = new InMemorySpanExporter();
  let app: TestApp;

  beforeAll(async () => {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
    const env = { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' };
    app = await TestApp.start({ adapter: 'Fastify', env });
  });
  afterAll(async () => {
    await app.close();
    trace.disable();
    context.disable();
  });

  it('rule 16: gets spans of messages and webhooks, without numbers, codes and addresses, and passes no trace on', async () => {
    const receiver = await WebhookReceiver.open();
    const call = { url: receiver.url, id: 'evt_1', body: '{}', keys: [Buffer.alloc(32)] };

    await app.requestCode();
    await app.nest.get(WebhookCallsService, { strict: false }).post(call);
    receiver.behave = () => 500;
    await app.nest.get(WebhookCallsService, { strict: false }).post(call);

    const spans = exporter.getFinishedSpans().map(({ name, attributes }) => ({ name, attributes }));
    expect(spans).toEqual([
      { name: 'sms send', attributes: { 'sms.provider': 'webhook', 'sms.outcome': 'sent' } },
      ofCall(204),
      ofCall(500, { 'error.type': 'status' }),
    ]);
    expect(Object.keys(receiver.calls[0]!.headers)).not.toContain('traceparent');
    await receiver.close();
  });
});
