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
