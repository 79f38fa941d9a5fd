import { ConsoleLogger } from '@nestjs/common';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

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
    await app.sql.query('ALTER TABLE tandem_sms_deliveries RENAME TO away');
    const log = recordConsole();

    const request = await app.requestCode();
    await app.sql.query('ALTER TABLE away RENAME TO tandem_sms_deliveries');

    expect(log()).toContain('SMS delivery could not be recorded');
    expect(log()).toMatch(/QueryFailedError[^]*sms_deliveries[^]*\n +at /);
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
