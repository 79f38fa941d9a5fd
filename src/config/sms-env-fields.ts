import { getCountries, parsePhoneNumberFromString } from 'libphonenumber-js/mobile';
import { CODE_LENGTH, CODE_PATTERN } from '../common/code';
import { parseNetwork } from '../common/network';
import { commaSeparated, field, seconds, uniqueEntries } from './env-fields';

/** So many points, and the seconds until they are back. */
export interface WindowLimit {
  readonly points: number;
  readonly window: number;
}

export interface TestNumber {
  /** E.164. */
  readonly mobile: string;
  readonly code: string;
  /** It is refused from the end of this day (UTC) on. */
  readonly until: Date;
}

const ANY = '*';
const LIMIT = /^([a-z-]+)=(\d{1,7})\/(\d{1,6}[smhd])$/;
const TEST_NUMBER = new RegExp(`^(\\+\\d{6,15}):(\\d{${CODE_LENGTH}})@(\\d{4}-\\d{2}-\\d{2})$`);
const AMOUNT = /^\d{1,9}(\.\d{1,2})?$/;

const countries: readonly string[] = getCountries();
/** Timers of Node end before the 25th day. */
const LONGEST_WINDOW_SECONDS = 20 * 86_400;

/** Of all countries together, unless the variable says otherwise. */
export const DEFAULT_BUDGET = { [ANY]: 100 };

/** Per cent of the budget, of each network that is not named. */
export const DEFAULT_NETWORK_SHARE = { [ANY]: 20 };

const isUsable = ({ points, window }: WindowLimit) =>
  points > 0 && window > 0 && window <= LONGEST_WINDOW_SECONDS;
const isCountry = (text: string) => text === ANY || countries.includes(text);

/** `CN:aliyun,*:twilio,sns`: a country begins a route, what follows continues it. */
export function SmsRoutes(providers: readonly string[]): PropertyDecorator {
  return field<Record<string, string[]>>(
    (text) => Object.fromEntries(routesOf(text)),
    (routes) =>
      Object.entries(routes).every(
        ([country, names]) =>
          isCountry(country) && names.length > 0 && names.every((name) => providers.includes(name)),
      ),
    `must be routes like CN:aliyun,*:twilio,sns with countries or *, each once, and ${providers.join(', ')}`,
  );
}

/** `codes-per-number=3/1h,…`: points and window by the name of a limit. */
export function LimitOverrides(): PropertyDecorator {
  return field<Record<string, WindowLimit | undefined>>(
    (text) => uniqueEntries(text, limitOf),
    (limits) => Object.values(limits).every((limit) => limit && isUsable(limit)),
    'must be a comma-separated list like codes-per-number=5/1h, each name once, with windows up to 20d',
  );
}

/** `none`, or amounts by country, of which one without a country is the total: `100,CN:40`. */
export function Budget(): PropertyDecorator {
  return field<Record<string, number>>(
    (text) => (text === 'none' ? {} : { ...DEFAULT_BUDGET, ...uniqueEntries(text, amountOf) }),
    (amounts) =>
      Object.entries(amounts).every(([scope, amount]) => isCountry(scope) && amount >= 0),
    'must be none or amounts like 100,CN:40, each country once',
  );
}

/** `20,203.0.113.0/24=100`: per cent, of which one without a network is for all others. */
export function NetworkShares(): PropertyDecorator {
  return field<Record<string, number>>(
    (text) => ({ ...DEFAULT_NETWORK_SHARE, ...uniqueEntries(text, networkShareOf) }),
    (shares) =>
      Object.entries(shares).every(
        ([network, share]) =>
          (network === ANY || parseNetwork(network) !== undefined) && share >= 1 && share <= 100,
      ),
    'must be per cent from 1 to 100, and those of single networks, each once, like 20,203.0.113.0/24=100',
  );
}

/** `FA+9qCX9VSu`, or one for each build of the app: `store:FA+9qCX9VSu,debug:…`. The first is for whoever names none. */
export function AppHashes(): PropertyDecorator {
  return field<Record<string, string>>(
    (text) => uniqueEntries(text, templateOf),
    (hashes) =>
      Object.entries(hashes).every(
        ([name, hash]) =>
          /^(\*|[\w.-]{1,32})$/.test(name) && /^[A-Za-z0-9+/]{11}$/.test(hash ?? ''),
      ),
    'must be the 11 base64 characters of an app, or of each of its builds, like store:FA+9qCX9VSu,debug:kg0pLdMTTNa',
  );
}

/** `SMS_111,en:SMS_222`: template ids by locale, `*` for all others. */
export function TemplateList(): PropertyDecorator {
  return field<Record<string, string>>(
    (text) => uniqueEntries(text, templateOf),
    (templates) => Boolean(templates[ANY]) && Object.values(templates).every(Boolean),
    'must be a template id, and others by language, like SMS_111,en:SMS_222',
  );
}

/** `+8613800000000:123456@2027-01-01,…` */
export function TestNumberList(): PropertyDecorator {
  return field<(TestNumber | undefined)[]>(
    (text) => commaSeparated(text).map(testNumberOf),
    (numbers) =>
      numbers.every((number) => number && isTestNumber(number)) &&
      new Set(numbers.map((number) => number?.mobile)).size === numbers.length,
    'must be a list of mobile numbers, each once, with a code and a last day, like +8613800000000:123456@2027-01-01',
  );
}

function routesOf(text: string): Map<string, string[]> {
  const routes = new Map<string, string[]>();
  let names: string[] = [];
  for (const part of commaSeparated(text)) {
    const colon = part.indexOf(':');
    if (colon >= 0 || routes.size === 0) {
      const country = part.slice(0, Math.max(colon, 0));
      names = [];
      // Of two orders for one country nobody can tell which one was meant.
      routes.set(country, routes.has(country) ? [] : names);
    }
    names.push(part.slice(colon + 1));
  }
  return routes;
}

function limitOf(text: string): [string, WindowLimit | undefined] {
  const [, name, points, window] = LIMIT.exec(text) ?? [];
  return name ? [name, { points: Number(points), window: seconds(window!)! }] : [text, undefined];
}

function amountOf(text: string): [string, number] {
  const [country, amount] = text.includes(':') ? text.split(':') : [ANY, text];
  return [country!, AMOUNT.test(amount!) ? Number(amount) : Number.NaN];
}

function networkShareOf(text: string): [string, number] {
  const [network, share] = text.includes('=') ? text.split('=') : [ANY, text];
  return [network!, /^\d{1,3}$/.test(share!) ? Number(share) : Number.NaN];
}

function templateOf(text: string): [string, string] {
  const colon = text.indexOf(':');
  return colon < 0 ? [ANY, text] : [text.slice(0, colon), text.slice(colon + 1)];
}

function testNumberOf(text: string): TestNumber | undefined {
  const [, mobile = '', code = '', day = ''] = TEST_NUMBER.exec(text) ?? [];
  const until = new Date(`${day}T23:59:59.999Z`);
  // Of 30 February JavaScript makes 2 March.
  const isDay = until.toJSON()?.startsWith(day);
  return isDay ? { mobile, code, until } : undefined;
}

function isTestNumber({ mobile, code, until }: TestNumber): boolean {
  const number = parsePhoneNumberFromString(mobile);
  const isNumber = number?.isValid() && number.number === mobile;
  return Boolean(isNumber) && CODE_PATTERN.test(code) && until instanceof Date;
}
