import {
  type Examples,
  getCountries,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/mobile';
import { leftOut, READ_AS } from './territories';

const examples: Examples = require('libphonenumber-js/examples.mobile.json');
/** Of numbers like its example the parser takes some for British ones. */
const MANX = '+447624500000';

describe('territories', () => {
  it('are those whose numbers the parser takes for the numbers of a country', () => {
    const numbers = getCountries().map((country) => [
      country,
      country === 'IM' ? MANX : getExampleNumber(country, examples)!.number,
    ]);
    const read = numbers.map(([country, number]) => [
      country,
      parsePhoneNumberFromString(number!)!.country,
    ]);

    expect(Object.fromEntries(read.filter(([country, as]) => country !== as))).toEqual(READ_AS);
  });

  it('with numbers of their own are named unless they are listed', () => {
    expect(leftOut(['*'])).toEqual([]);
    expect(leftOut(['CN', 'US', 'GB', 'PR'])).toEqual([
      ['US', ['AS', 'GU', 'MP', 'VI']],
      ['GB', ['GG', 'IM', 'JE']],
    ]);
    expect(leftOut(['RE', 'YT'])).toEqual([]);
  });
});
