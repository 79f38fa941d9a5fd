import { existsSync } from 'node:fs';
import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { getCountries } from 'libphonenumber-js/mobile';
import { parseNetwork } from '../common/network';
import { SCOPES, SERVICE_CLIENT } from './service-clients';
import { databaseAddress, problemWith } from './store-urls';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const DURATION = /^(\d{1,6})([smhd])$/;

/** `30s 5m 2h 14d`, read as seconds between `min` and `max`. */
export function Duration(min: string, max: string): PropertyDecorator {
  const [least, most] = [seconds(min), seconds(max)];
  return field(
    (text) => seconds(text) ?? Number.NaN,
    (value) => value >= least! && value <= most!,
    `must be a duration from ${min} to ${max}, like ${examplesWithin(least!, most!)}`,
  );
}

/** At least one: the bounds of all durations lie far apart. */
function examplesWithin(least: number, most: number): string {
  const isWithin = (text: string) => seconds(text)! >= least && seconds(text)! <= most;
  const examples = ['30s', '5m', '2h', '14d'].filter(isWithin).join(', ');
  return examples.replace(/, (\w+)$/, ' or $1');
}

export function Integer(min: number, max: number): PropertyDecorator {
  return field(
    (text) => (/^\d{1,9}$/.test(text) ? Number(text) : Number.NaN),
    (value) => value >= min && value <= max,
    `must be a whole number from ${min} to ${max}`,
  );
}

/** `on` or `off`. */
export function Switch(): PropertyDecorator {
  const values = new Map([
    ['on', true],
    ['off', false],
  ]);
  return field(
    (text) => values.get(text) ?? null,
    (value) => typeof value === 'boolean',
    'must be on or off',
  );
}

/**
 * `name:digest,…`, where a digest is the SHA-256 of a secret in hex, which the scopes of the client may follow:
 * `name:digest:introspect+events`.
 */
export function ServiceClients(): PropertyDecorator {
  return field<Record<string, string>>(
    (text) => uniqueEntries(text, nameAndRest),
    (clients) =>
      Object.entries(clients).every(
        ([name, client]) => /^[\w.-]{1,64}$/.test(name) && SERVICE_CLIENT.test(client ?? ''),
      ),
    `must be a comma-separated list of name:digest or name:digest:scope+scope, each name once, as \`npm run secret\` prints it; scopes are ${SCOPES.join(', ')}`,
  );
}

function nameAndRest(client: string): [string, string] {
  const colon = client.indexOf(':');
  return colon < 0 ? [client, ''] : [client.slice(0, colon), client.slice(colon + 1)];
}

/** A comma-separated list of at least one of `allowed`. */
export function ListOf(allowed: readonly string[]): PropertyDecorator {
  return field(
    commaSeparated,
    (values) => values.length > 0 && values.every((value) => allowed.includes(value)),
    `must be a comma-separated list of ${allowed.join(', ')}`,
  );
}

/** ISO 3166 codes, or `*` for every country. */
export function CountryList(): PropertyDecorator {
  const known: readonly string[] = getCountries();
  return field(
    commaSeparated,
    (values) =>
      values.length > 0 &&
      (String(values) === '*' || values.every((value) => known.includes(value))),
    'must be * or a comma-separated list of country codes like CN,HK,SG',
  );
}

/** Addresses and CIDRs. */
export function Networks(): PropertyDecorator {
  return field(
    commaSeparated,
    (values) => values.length > 0 && values.every((value) => parseNetwork(value)),
    'must be a comma-separated list of addresses and CIDRs like 203.0.113.0/24',
  );
}

/** A URL with one of `protocols` (`mysql:`), or the word `otherwise`. */
export function Url(protocols: string[], otherwise?: string): PropertyDecorator {
  return field(
    (text) => text,
    (value) =>
      value === otherwise || (URL.canParse(value) && protocols.includes(new URL(value).protocol)),
    `must be a URL that starts with ${protocols.join(' or ')}${otherwise ? `, or ${otherwise}` : ''}`,
  );
}

/** `off`, `on` or a file. */
export function Tls(): PropertyDecorator {
  return field(
    (text) => text,
    (value) => ['off', 'on'].includes(value) || existsSync(value),
    'must be off, on or a file with the certificates of authorities',
  );
}

/** A SQL server with the name of a database, or the path of a SQLite file. */
export function DatabaseUrl(): PropertyDecorator {
  return field(
    (text) => text,
    (value) => problemOfDatabase(value) === undefined,
    (value) => problemOfDatabase(value)!,
  );
}

const problemOfDatabase = (value: string) =>
  SQLITE_FILE.test(value) ? undefined : problemWith(databaseAddress, value);

/** What the names of our tables begin with. */
export function TablePrefix(): PropertyDecorator {
  return field(
    (text) => text,
    (value) => /^([a-z][a-z0-9_]{0,15})?$/.test(value),
    'must be a lower-case letter, followed by up to 15 lower-case letters, digits or _, like tandem_',
  );
}

const MAX_WORKERS = 256;

/** How many processes serve, or `auto`. */
export function Workers(): PropertyDecorator {
  return field<number | 'auto'>(
    (text) => {
      if (text === 'auto') return text;
      return /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
    },
    (value) => value === 'auto' || (value >= 1 && value <= MAX_WORKERS),
    `must be auto or a whole number from 1 to ${MAX_WORKERS}`,
  );
}

const SQLITE_FILE = /^sqlite:(?!\/\/$|.*:memory:).+/;

export const commaSeparated = (text: string) => text.split(',').map((part) => part.trim());

/** What is said twice is undefined: nobody can tell which one was meant. */
export function uniqueEntries<T>(
  text: string,
  read: (part: string) => [string, T],
): Record<string, T> {
  const entries = commaSeparated(text).map(read);
  const names = entries.map(([name]) => name);
  const isUnique = (name: string) => names.indexOf(name) === names.lastIndexOf(name);
  const unique = entries.map(([name, value]) => [name, isUnique(name) ? value : undefined]);
  return Object.fromEntries(unique) as Record<string, T>;
}

export function seconds(text: string): number | undefined {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  return amount ? Number(amount) * SECONDS[unit as keyof typeof SECONDS] : undefined;
}

/**
 * A field that is parsed when it comes as text and validated by `accept` whenever it is set.
 *
 * @param problem what is wrong with a value that is not accepted, behind the name of the field.
 */
export function field<T>(
  parse: (text: string) => T,
  accept: (value: T) => boolean,
  problem: string | ((value: T) => string),
): PropertyDecorator {
  /** A host application may give a value of any kind. */
  const isAccepted = (value: T): boolean => {
    try {
      return accept(value);
    } catch {
      return false;
    }
  };
  return (target, key) => {
    Transform(({ value }) => (typeof value === 'string' ? parse(value) : value))(target, key);
    ValidateBy({
      name: String(key),
      validator: {
        validate: (value: T | undefined) => value === undefined || isAccepted(value),
        defaultMessage: (refused) =>
          `${String(key)} ${typeof problem === 'string' ? problem : problem(refused!.value)}`,
      },
    })(target, String(key));
  };
}
