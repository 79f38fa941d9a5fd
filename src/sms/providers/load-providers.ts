import type { Env } from '../../config/env';
import type { ProviderName } from '../../config/sms-env';
import { namedProviders } from '../../config/sms-settings';
import { isTracing, traceCalls } from '../../observability/tracing';
import { resultOf } from '../not-sent';
import type { SmsProvider } from '../sms-provider';
import { LogProvider } from './log.provider';
import { WebhookProvider } from './webhook.provider';

/** The providers that `SMS_PROVIDERS` and `SMS_ROUTES` name. The SDKs of the others are never loaded. */
export async function loadProviders(env: Env): Promise<ReadonlyMap<ProviderName, SmsProvider>> {
  const providers = namedProviders(env).map((name) => LOADERS[name](env));
  if (isTracing()) providers.forEach(traceSending);
  return new Map(providers.map((provider) => [provider.name, provider]));
}

function traceSending(provider: SmsProvider): void {
  traceCalls(provider, 'send', {
    name: () => 'sms send',
    attributes: () => ({ 'sms.provider': provider.name }),
    ofResult: () => ({ 'sms.outcome': 'sent' }),
    ofError: (error) => ({ 'sms.outcome': resultOf(error).outcome }),
  });
}

/** Not by `import()`: CommonJS would load the modules by the rules of ES modules. */
const LOADERS: Readonly<Record<ProviderName, (env: Env) => SmsProvider>> = {
  log: () => new LogProvider(),
  webhook: (env) => new WebhookProvider(env),
  twilio: (env) => {
    const { TwilioProvider } = require('./twilio.provider') as typeof import('./twilio.provider');
    return new TwilioProvider(env);
  },
  aliyun: (env) => {
    const { AliyunProvider } = require('./aliyun.provider') as typeof import('./aliyun.provider');
    return new AliyunProvider(env);
  },
  tencent: (env) => {
    const { TencentProvider } =
      require('./tencent.provider') as typeof import('./tencent.provider');
    return new TencentProvider(env);
  },
  sns: (env) => {
    const { SnsProvider } = require('./sns.provider') as typeof import('./sns.provider');
    return new SnsProvider(env);
  },
};
