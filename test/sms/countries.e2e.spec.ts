import { Logger } from '@nestjs/common';
import { expectRefusal } from '../support/refusal';
import { TestApp } from '../support/test-app';

const OWN_NUMBER = '+12015550123';
const TWILIO = {
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: 'the auth token of a test',
  TWILIO_FROM: OWN_NUMBER,
};

describe('SMS_COUNTRIES=MF,US', () => {
  let app: TestApp;
  let log: jest.SpyInstance;

  beforeAll(async () => {
    log = jest.spyOn(Logger.prototype, 'log');
    const SMS_ROUTES = 'GP:log,US:webhook,twilio';
    app = await TestApp.start({ env: { ...TWILIO, SMS_COUNTRIES: 'MF,US', SMS_ROUTES } });
  });
  afterAll(() => app.close());

  const ask = (mobile: string) => app.post('/auth/codes', { mobile });

  it.each(['+590690001234', '0690 00 12 35'])(
    'serves the numbers of the territory, which GP has, too: %s',
    async (mobile) => {
      const console = jest.spyOn(process.stdout, 'write').mockReturnValue(true);

      const { status } = await ask(mobile);

      const printed = console.mock.calls.map(([text]) => String(text));
      console.mockRestore();
      expect(status).toBe(202);
      expect(printed.filter((text) => text.startsWith('SMS to +59069000123'))).toHaveLength(1);
    },
  );

  it('says at the start which territories are left out, and refuses their numbers', async () => {
    const said = log.mock.calls.map(([text]) => String(text));

    expect(said.filter((text) => text.startsWith('SMS_COUNTRIES'))).toEqual([
      'SMS_COUNTRIES has US without AS, GU, MP, PR, VI, whose numbers look alike: list those that you serve',
    ]);
    expectRefusal(await ask('+17872345678'), 'COUNTRY_NOT_SERVED');
  });

  it('refuses a number of our own before anything is spent, as often as it is asked for', async () => {
    for (let count = 0; count < 3; count++) {
      expectRefusal(await ask(OWN_NUMBER), 'NUMBER_UNREACHABLE');
    }

    expect(app.inbox.attempts).toBe(0);
    expect((await ask('+12015550124')).status).toBe(202);
  });
});
