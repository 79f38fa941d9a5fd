import { parseEnv } from '../../config/load-env';
import { PROVIDERS } from '../../config/sms-providers';

const SDKS = Object.fromEntries(
  Object.entries(PROVIDERS).flatMap(([name, { sdk }]) => (sdk ? [[name, sdk.name]] : [])),
) as Record<string, string>;

const SETTINGS = {
  SMS_WEBHOOK_URL: 'https://sms.example.com',
  SMS_WEBHOOK_SECRET: 'the key of the test webhook',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: 'the auth token of a test',
  TWILIO_FROM: 'Tandem',
  ALIYUN_ACCESS_KEY_ID: 'the access key id of a test',
  ALIYUN_ACCESS_KEY_SECRET: 'the access key of a test',
  ALIYUN_SIGN_NAME: 'Tandem',
  ALIYUN_TEMPLATES: 'SMS_111',
  TENCENT_SECRET_ID: 'the secret id of a test',
  TENCENT_SECRET_KEY: 'the secret key of a test',
  TENCENT_SDK_APP_ID: '1400006666',
  TENCENT_TEMPLATES: '1110',
  SNS_REGION: 'eu-central-1',
};

/** The providers, and which SDKs they have loaded. */
async function load(source: Record<string, string>) {
  const sdks: string[] = [];
  let providers: [string, string][] = [];
  await jest.isolateModulesAsync(async () => {
    for (const sdk of Object.values(SDKS)) {
      jest.doMock(sdk, () => {
        sdks.push(sdk);
        return jest.requireActual(sdk);
      });
    }
    const { loadProviders } = require('./load-providers') as typeof import('./load-providers');
    const loaded = await loadProviders(parseEnv({ ...SETTINGS, ...source }));
    providers = [...loaded].map(([name, provider]) => [name, provider.name]);
  });
  return { providers, sdks };
}

describe('loadProviders', () => {
  it.each(['log', 'webhook', 'log,webhook'])('loads no SDK for %s', async (names) => {
    const { providers, sdks } = await load({ SMS_PROVIDERS: names });

    expect(providers).toEqual(names.split(',').map((name) => [name, name]));
    expect(sdks).toEqual([]);
  });

  it.each(Object.entries(SDKS))('loads the SDK of %s only', async (name, sdk) => {
    const { providers, sdks } = await load({ SMS_PROVIDERS: name });

    expect(providers).toEqual([[name, name]]);
    expect(sdks).toEqual([sdk]);
  });

  it('loads the providers of routes, and each once', async () => {
    const { providers, sdks } = await load({
      SMS_PROVIDERS: 'sns',
      SMS_ROUTES: 'CN:aliyun,*:twilio,sns',
    });

    expect(new Map(providers)).toEqual(
      new Map([
        ['sns', 'sns'],
        ['aliyun', 'aliyun'],
        ['twilio', 'twilio'],
      ]),
    );
    expect(sdks.toSorted()).toEqual([SDKS.aliyun!, SDKS.sns!, SDKS.twilio!].toSorted());
  });
});
