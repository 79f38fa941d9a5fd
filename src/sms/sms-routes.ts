import type { Env } from '../config/env';
import type { ProviderName } from '../config/sms-env';
import { routeOf } from '../config/sms-settings';

/** The route of a country; `last` goes to its end, since it may not have delivered. */
export function routeTo(country: string, env: Env, last?: ProviderName): readonly ProviderName[] {
  const names = routeOf(country, env);
  if (!last) return names;
  return [...names.filter((name) => name !== last), ...names.filter((name) => name === last)];
}
