/**
 * Territories all of whose mobile numbers are also numbers of a country, by its ISO 3166 code: nobody can tell them apart, and the parser
 * always names the country.
 */
export const READ_AS: Readonly<Record<string, string>> = {
  AX: 'FI',
  BL: 'GP',
  CC: 'AU',
  CX: 'AU',
  EH: 'MA',
  MF: 'GP',
  SJ: 'NO',
  VA: 'IT',
};

/** Territories with numbers of their own that look like those of the country that they belong to, or share a plan with. */
const LOOKALIKES: Readonly<Record<string, readonly string[]>> = {
  CW: ['BQ'],
  GB: ['GG', 'IM', 'JE'],
  RE: ['YT'],
  US: ['AS', 'GU', 'MP', 'PR', 'VI'],
};

/** What a list of countries leaves out although its people may take themselves for served: by country, those that are not listed. */
export function leftOut(countries: readonly string[]): [country: string, territories: string[]][] {
  return countries
    .map((country): [string, string[]] => [
      country,
      (LOOKALIKES[country] ?? []).filter((territory) => !countries.includes(territory)),
    ])
    .filter(([, territories]) => territories.length > 0);
}
