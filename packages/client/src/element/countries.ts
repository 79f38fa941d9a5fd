/** Written from src/login-page/countries.ts by `npm run openapi`. */

import type { Countries } from './inputs.ts';

/** What `GET /auth/config` says of them. */
interface Served {
  readonly countries: readonly { readonly code: string; readonly calling_code: string }[];
  readonly default_country: string | null;
  readonly country_by_locale: Readonly<Record<string, unknown>>;
}

export function countriesIn(config: Served, lang: string): Countries {
  const names = new Intl.DisplayNames(lang, { type: 'region' });
  const { compare } = new Intl.Collator(lang);
  const named = config.countries.map(
    ({ code, calling_code }) =>
      [code, `${names.of(code)} (${fromLeft(`+${calling_code}`)})`, calling_code] as const,
  );
  // In place: browsers of three years ago have no `toSorted`.
  named.sort(([, one], [, other]) => compare(one, other));
  const chosen = (config.country_by_locale[lang] as string) ?? config.default_country ?? undefined;
  return { named, chosen };
}

/** Isolated, so that a plus stays in front of its digits beside words from right to left. */
const fromLeft = (text: string) => `\u2066${text}\u2069`;
