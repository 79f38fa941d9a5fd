import type { Env } from '../config/env';
import type { ProviderName } from '../config/sms-env';

const OTHERS = '*';

/** The providers for a country, in the order to try them; `last` goes to the end, since it may not have delivered. */
export function routeTo(country: string, env: Env, last?: ProviderName): ProviderName[] {
  const names = env.SMS_ROUTES[country] ?? env.SMS_ROUTES[OTHERS] ?? env.SMS_PROVIDERS;
  if (!last) return names;
  return [...names.filter((name) => name !== last), ...names.filter((name) => name === last)];
}
