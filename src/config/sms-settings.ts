import type { Env } from './env';
import { PROVIDER_NAMES, type ProviderName } from './sms-env';
import { PROVIDERS } from './sms-providers';

/** What the providers that are named, and the captcha, lack or cannot use. */
export function* smsSettingProblems(env: Env): Generator<string> {
  for (const name of namedProviders(env)) yield* providerProblems(name, env);
  if (['turnstile', 'hcaptcha'].includes(env.CAPTCHA) && !env.CAPTCHA_SECRET) {
    yield `CAPTCHA_SECRET must be set for CAPTCHA=${env.CAPTCHA}`;
  }
}

/** The providers that a message may go to. */
export function namedProviders(env: Env): ProviderName[] {
  const named = new Set([...env.SMS_PROVIDERS, ...Object.values(env.SMS_ROUTES).flat()]);
  return PROVIDER_NAMES.filter((name) => named.has(name));
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

function placeOf(name: ProviderName, env: Env): string {
  return env.SMS_PROVIDERS.includes(name) ? `SMS_PROVIDERS=${name}` : `${name} in SMS_ROUTES`;
}

/** Looks without loading: some of the SDKs take half a second. */
function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return false;
  }
}
