import {
  type CountryCode,
  getCountryCallingCode,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/mobile';
import { modernNumber } from './legacy-numbers';
import { remembering } from './remembering';

/** `['*']`, or ISO 3166 codes of which the first one reads numbers without a country code. */
export type Countries = readonly string[];

/**
 * The mobile number that digits with or without a plus stand for. Without one they are read as those who live in the
 * first country dial them, and only when that is no mobile number as if the plus were there.
 */
export function readMobile(digits: string, countries: Countries): PhoneNumber | undefined {
  if (digits.startsWith('+')) return mobileOf(international(digits), digits);
  const [home] = countries;
  if (!home || home === '*') return undefined;
  return nationalReading(digits, home) ?? unmistakable(`+${digits}`, countries);
}

/** The number behind a plus: that of a request is asked for several times, and again for the login that follows. */
export const international = remembering((digits: string) => parse(digits), 1000);

/** Territories may share all numbers with a country, and then are never what the parser names. */
export function isServed(number: PhoneNumber, countries: Countries): boolean {
  if (countries[0] === '*' || countries.includes(number.country!)) return true;
  const isOfPlan = (country: string) =>
    getCountryCallingCode(country as CountryCode) === number.countryCallingCode;
  return countries.filter(isOfPlan).some((country) => isNumberOf(country as CountryCode, number));
}

/** The same of a number in E.164. */
export function servesMobile(e164: string, countries: Countries): boolean {
  return isServed(parsePhoneNumberFromString(e164)!, countries);
}

/** Undefined, too, where the parser takes the first digits for the country's own calling code: that is a guess. */
function nationalReading(digits: string, country: string): PhoneNumber | undefined {
  const number = parse(digits, country as CountryCode);
  return number?.number === `+${digits}` ? undefined : mobileOf(number, digits);
}

/**
 * A number whose plus was left out, unless the same digits could be somebody's own number at home: 15012345678 is a
 * mobile number in China, and with a plus one in the United States. No code may go to a stranger.
 */
function unmistakable(e164: string, countries: Countries): PhoneNumber | undefined {
  const number = mobileOf(parse(e164), e164);
  if (!number || !isServed(number, countries)) return undefined;
  const digits = e164.slice(1);
  const isMistakable = isAlsoNational(number, countries)
    ? countries.some((country) => isOwnSpelling(digits, country))
    : [...countries, ALWAYS_MISTAKABLE].some((country) => nationalReading(digits, country));
  return isMistakable ? undefined : number;
}

/** Also where it is not served: the Chinese write eleven digits that begin with a 1, as Americans do without the plus. */
const ALWAYS_MISTAKABLE = 'CN';

/** In North America the calling code is also what people dial before a number at home. */
function isAlsoNational({ countryCallingCode }: PhoneNumber, [home]: Countries): boolean {
  return countryCallingCode === '1' && getCountryCallingCode(home as CountryCode) === '1';
}

/** Whether a number is written like this at home, where for others a 0 would be missing. */
function isOwnSpelling(digits: string, country: string): boolean {
  const number = nationalReading(digits, country);
  return number?.formatNational().replaceAll(/\D/g, '') === digits;
}

function parse(digits: string, home?: CountryCode): PhoneNumber | undefined {
  return parsePhoneNumberFromString(digits, { defaultCountry: home, extract: false });
}

/** The number if it is a mobile number, or what its country has made of it. */
function mobileOf(number: PhoneNumber | undefined, digits: string): PhoneNumber | undefined {
  if (!number || isMobile(number)) return number;
  const { countryCallingCode, nationalNumber } = number;
  const modern = modernNumber(countryCallingCode, nationalNumber, digits !== nationalNumber);
  const successor = modern && parse(`+${countryCallingCode}${modern}`);
  return successor && isMobile(successor) ? successor : undefined;
}

/** What belongs to no country is no mobile: freephone, premium rate, satellites. */
const isMobile = (number: PhoneNumber) => number.country !== undefined && number.isValid();

function isNumberOf(country: CountryCode, { number }: PhoneNumber): boolean {
  return Object.assign(parsePhoneNumberFromString(number)!, { country }).isValid();
}
