import { match } from '@formatjs/intl-localematcher';
import Negotiator from 'negotiator';
import { countryOf, type E164 } from '../../common/phone-number';
import { type Locale, LOCALES } from './templates';

/** What is known about the languages of a receiver. */
export interface Receiver {
  readonly mobile: E164;
  /** A BCP 47 tag, or what a client takes for one. */
  readonly locale?: string;
  /** The header of the request, as it came. */
  readonly acceptLanguage?: string;
}

/** Characters of either source; no browser sends more, and the matcher would have to look at every tag. */
const LENGTH_LIMIT = 256;

/** What the matcher answers when it finds nothing: it knows no other way to say so. */
const UNDETERMINED = 'und';

/** The countries where one of the languages is official or what most write, by ISO 3166; English needs none. */
const COUNTRIES: Partial<Record<Locale, string>> = {
  'zh-CN': 'CN',
  'zh-TW': 'HK MO TW',
  ja: 'JP',
  ko: 'KP KR',
  es: 'AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV UY VE',
  fr: 'BF BI BJ BL CD CF CG CI CM DJ FR GA GF GN GP HT KM LU MC MF MG ML MQ NC NE PF PM RE SN TD TG WF YT',
  de: 'AT CH DE LI',
  'pt-BR': 'AO BR CV GW MZ PT ST',
  ru: 'BY KG KZ RU',
  ar: 'AE BH DZ EG EH IQ JO KW LB LY MA MR OM PS QA SA SD SY TN YE',
  hi: 'IN',
  id: 'ID',
  vi: 'VN',
  th: 'TH',
  tr: 'TR',
};

const LOCALE_OF_COUNTRY = new Map(
  LOCALES.flatMap((locale) =>
    (COUNTRIES[locale]?.split(' ') ?? []).map((country) => [country, locale] as const),
  ),
);

/** Where people of a language most likely are, by CLDR, and then where else it is spoken. */
export function countriesOf(locale: Locale): string[] {
  const { region = [] } = new Intl.Locale(locale).maximize();
  return [region, COUNTRIES[locale]?.split(' ') ?? []].flat();
}

/** The locale asked for, else the best of the header's, else that of the number's country, else English. */
export function chooseLocale({ mobile, locale, acceptLanguage }: Receiver): Locale {
  return (
    closestTo(locale ? [locale] : []) ??
    closestTo(languagesIn(acceptLanguage)) ??
    LOCALE_OF_COUNTRY.get(countryOf(mobile)) ??
    'en'
  );
}

/** The locale asked for, else the best of the header's, else English: of whoever reads a page. */
export function readersLocale({ locale, acceptLanguage }: Omit<Receiver, 'mobile'>): Locale {
  return closestTo(locale ? [locale] : []) ?? closestTo(languagesIn(acceptLanguage)) ?? 'en';
}

/** By the distances of CLDR: `zh-HK` finds `zh-TW` and `pt-PT` finds `pt-BR`, where `nl` finds none. */
function closestTo(texts: string[]): Locale | undefined {
  const tags = texts.flatMap((text) => tagIn(text) ?? []);
  const closest = match(tags, LOCALES, UNDETERMINED, { algorithm: 'best fit' });
  return LOCALES.find((locale) => locale === closest);
}

/**
 * The language tag that a text begins with: `zh_CN.UTF-8` and `de_DE@euro` as POSIX, `zh_TW_#Hant` as Java and `ja-JP,en;q=0.9` as browsers
 * have it. The matcher throws on others, such as the `*` of a header.
 */
function tagIn(text: string): string | undefined {
  if (text.length > LENGTH_LIMIT) return undefined;
  const [first = ''] = text.trim().split(/[.@,;#\s]/);
  const subtags = first.split(/[-_]/);
  const prefixes = subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-'));
  return prefixes.find(isLanguageTag);
}

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** The tags of an `Accept-Language` header (RFC 9110, 12.5.4), the preferred one first. */
function languagesIn(header: string | undefined): string[] {
  if (!header || header.length > LENGTH_LIMIT) return [];
  return new Negotiator({ headers: { 'accept-language': header } }).languages();
}
