import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import { ApiException } from './errors';

declare const e164: unique symbol;

/** A valid mobile number in E.164 (`+` and up to 15 digits). Only {@link parseMobile} makes one. */
export type E164 = string & { readonly [e164]: true };

/** `['*']`, or ISO 3166 codes of which the first one reads numbers without a country code. */
type Countries = readonly string[];

/** ASCII only: the parser would also read full-width digits and skip letters. */
const SPELLING = /^\+?[0-9 ().-]{4,31}$/;

/**
 * Every spelling of a number becomes one {@link E164}, so it is one account and one limit bucket.
 *
 * @throws ApiException `VALIDATION_FAILED` for anything but a mobile number, `COUNTRY_NOT_SERVED` for one of a country
 *   that is not served.
 */
export function parseMobile(text: string, countries: Countries): E164 {
  const home = countries[0] === '*' ? undefined : (countries[0] as CountryCode);
  const number = SPELLING.test(text)
    ? parsePhoneNumberFromString(text, { defaultCountry: home, extract: false })
    : undefined;
  // What belongs to no country is no mobile: freephone, premium rate, satellites.
  if (!number?.country || !number.isValid() || number.ext)
    throw invalidMobile('must be a valid mobile number');
  if (home && !countries.includes(number.country)) throw new ApiException('COUNTRY_NOT_SERVED');
  return number.number as unknown as E164;
}

/** `+8613812345678` → `+86138****5678`: enough for its owner to recognise, not enough to call. */
export function maskMobile(mobile: E164): string {
  return `${mobile.slice(0, -8)}****${mobile.slice(-4)}`;
}

/** The ISO 3166 code of the country that a number belongs to. */
export function countryOf(mobile: E164): string {
  return parsePhoneNumberFromString(mobile)!.country!;
}

/** The block of 10,000 numbers around a number: those who pump codes rent them by the block. */
export const prefixOf = (mobile: E164) => mobile.slice(0, -4);

function invalidMobile(problem: string): ApiException {
  return new ApiException('VALIDATION_FAILED', { message: [`mobile ${problem}`] });
}
