import type { Env } from './env';
import { isInstalled } from './installed';
import { RECEIPT_PROVIDERS, type ReceiptProvider } from './receipt-env';
import { PROVIDER_NAMES, type ProviderName } from './sms-env';
import { PROVIDERS } from './sms-providers';

/** What the providers that are named, and the captcha, lack or cannot use. */
export function* smsSettingProblems(env: Env): Generator<string> {
  for (const name of namedProviders(env)) yield* providerProblems(name, env);
  for (const name of receiptProviders(env)) yield* receiptProblems(name, env);
  if (['turnstile', 'hcaptcha'].includes(env.CAPTCHA) && !env.CAPTCHA_SECRET) {
    yield `CAPTCHA_SECRET must be set for CAPTCHA=${env.CAPTCHA}`;
  }
}

/** The providers that a message may go to. */
export function namedProviders(env: Env): ProviderName[] {
  const named = new Set([...env.SMS_PROVIDERS, ...Object.values(env.SMS_ROUTES).flat()]);
  return PROVIDER_NAMES.filter((name) => named.has(name));
}

/** Those whose receipts are taken. */
function receiptProviders({ SMS_RECEIPTS = [] }: Env): ReceiptProvider[] {
  return RECEIPT_PROVIDERS.filter((name) => SMS_RECEIPTS.includes(name));
}

/** The providers for a country, in the order to try them. */
export function routeOf(country: string, env: Env): readonly ProviderName[] {
  return env.SMS_ROUTES[country] ?? env.SMS_ROUTES['*'] ?? env.SMS_PROVIDERS;
}

function* providerProblems(name: ProviderName, env: Env): Generator<string> {
  const { required, contradiction, sdk } = PROVIDERS[name];
  const place = placeOf(name, env);
  for (const variable of required) {
    if (!env[variable]) yield `${variable} must be set for ${place}`;
  }
  const problem = contradiction(env);
  if (problem) yield problem;
  if (sdk && !isInstalled(sdk.name)) {
    yield `${place} needs a package that is not installed: npm install ${sdk.name}@${sdk.range}`;
  }
}

/** Where a provider sends its receipts; undefined where nobody has said how the server is reached. */
export function receiptsUrl(provider: ReceiptProvider, env: Env): string | undefined {
  const { PUBLIC_URL, SMS_RECEIPTS_URL } = env;
  const base = SMS_RECEIPTS_URL ?? (PUBLIC_URL && `${withoutSlash(PUBLIC_URL)}/sms/receipts`);
  return base && `${withoutSlash(base)}/${provider}`;
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

/** What tells its receipts from those of others. */
function* receiptProblems(name: ReceiptProvider, env: Env): Generator<string> {
  for (const variable of SIGNED_BY[name]) {
    if (!env[variable]) yield `${variable} must be set for SMS_RECEIPTS=${name}`;
  }
  // It signs the address, too.
  if (name === 'twilio' && !receiptsUrl(name, env)) {
    yield 'PUBLIC_URL (or SMS_RECEIPTS_URL) must be set for SMS_RECEIPTS=twilio';
  }
}

const SIGNED_BY: Record<ReceiptProvider, readonly (keyof Env)[]> = {
  aliyun: ['SMS_RECEIPTS_SECRET'],
  tencent: ['SMS_RECEIPTS_SECRET'],
  twilio: ['TWILIO_AUTH_TOKEN'],
  webhook: ['SMS_WEBHOOK_SECRET'],
};

function placeOf(name: ProviderName, env: Env): string {
  return env.SMS_PROVIDERS.includes(name) ? `SMS_PROVIDERS=${name}` : `${name} in SMS_ROUTES`;
}
