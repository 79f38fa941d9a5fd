import { type CountryCode, type Examples, getExampleNumber } from 'libphonenumber-js/mobile';
import { ApiException } from './errors';
import { type Countries, international, isServed, readMobile } from './number-reading';
import { typedDigits } from './typed-digits';

declare const e164: unique symbol;

/** A valid mobile number in E.164 (`+` and up to 15 digits). Only {@link parseMobile} makes one. */
export type E164 = string & { readonly [e164]: true };

/** Characters of a spelling: a number as a link with marks of direction around each group has fewer. */
export const SPELLING_LENGTH = 64;

/** With room for the prefixes of carriers. */
const DIGITS = /^\+?\d{4,24}$/;
/** As links have it (RFC 3966). */
const SCHEME = /^tel:/i;

/**
 * Every spelling of a number becomes one {@link E164}, so it is one account and one limit bucket.
 *
 * @throws ApiException `VALIDATION_FAILED` for anything but a mobile number, `COUNTRY_NOT_SERVED` for one of a country
 *   that is not served.
 */
export function parseMobile(text: string, countries: Countries): E164 {
  const digits = digitsOf(text);
  const number = DIGITS.test(digits) ? readMobile(digits, countries) : undefined;
  if (!number) throw invalidMobile(adviceFor(digits, countries));
  if (!isServed(number, countries)) throw new ApiException('COUNTRY_NOT_SERVED');
  return number.number as unknown as E164;
}

/** Whether a text is meant to be a number with its country code, in whichever spelling. */
export const hasCountryCode = (text: string) => digitsOf(text).startsWith('+');

/** `+8613812345678` → `+86138****5678`: enough for its owner to recognise, not enough to call. */
export function maskMobile(mobile: E164): string {
  return `${mobile.slice(0, -8)}****${mobile.slice(-4)}`;
}

/** The ISO 3166 code of the country that a number belongs to. */
export const countryOf = (mobile: E164): string => international(mobile)!.country!;

/** The block of 10,000 numbers around a number: those who pump codes rent them by the block. */
export const prefixOf = (mobile: E164) => mobile.slice(0, -4);

const digitsOf = (text: string) => typedDigits(text).replace(SCHEME, '');

function adviceFor(digits: string, [home]: Countries): string {
  const lacksCode = DIGITS.test(digits) && !digits.startsWith('+');
  return lacksCode
    ? `must be a valid mobile number with its country code, like ${exampleOf(home)}`
    : 'must be a valid mobile number';
}

function exampleOf(home: string | undefined): string {
  if (!home || home === '*') return '+8613812345678';
  return getExampleNumber(home as CountryCode, examples())!.number;
}

/** Not read before somebody needs one. */
const examples = (): Examples => require('libphonenumber-js/examples.mobile.json');

function invalidMobile(problem: string): ApiException {
  return new ApiException('VALIDATION_FAILED', { message: [`mobile ${problem}`] });
}
