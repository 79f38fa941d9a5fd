import { language } from './words.ts';

const SHORT = {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
} as const;

/** In the zone of the viewer. The year stands where it is another one. */
export function localTime(at: Date): string {
  const isThisYear = at.getFullYear() === new Date().getFullYear();
  const options = isThisYear ? SHORT : { ...SHORT, year: 'numeric' as const };
  return new Intl.DateTimeFormat(language.value, options).format(at);
}

export const utcTime = (at: Date): string =>
  `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const UNITS = [
  ['second', 1, 90],
  ['minute', 60, 5400],
  ['hour', 3600, 129_600],
  ['day', 86_400, Infinity],
] as const;

export function duration(seconds: number): string {
  const [unit, length] = UNITS.find(([, , limit]) => seconds < limit)!;
  const style = { style: 'unit', unit, unitDisplay: 'short' } as const;
  return new Intl.NumberFormat(language.value, style).format(Math.round(seconds / length));
}

export const amount = (value: number, digits = 0): string =>
  new Intl.NumberFormat(language.value, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);

export const percent = (share: number): string =>
  new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(
    share,
  );

/** The last that fields for a local time take: years of more digits are typed by mistake. */
export const LAST_LOCAL = '9999-12-31T23:59';

/** What a field for a local time holds of a moment, to the minute or, for `23`, to the millisecond; empty for none. */
export function localFrom(moment: string | number, length: 16 | 23 = 16): string {
  const at = new Date(moment);
  const local = new Date(+at - at.getTimezoneOffset() * 60_000);
  return Number.isNaN(+local) ? '' : local.toISOString().slice(0, length);
}

/** The moment that such a field holds; empty for none. */
export function momentFrom(local: string): string {
  const at = new Date(local);
  return Number.isNaN(+at) ? '' : at.toISOString();
}
