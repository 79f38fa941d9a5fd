import type { Visit } from './visit';

/** With their seconds, the longest first. */
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago something was, or `now`. */
export function agoIn(date: Date, now: number, { lang }: Pick<Visit, 'lang'>): string {
  const seconds = Math.max(0, (now - date.getTime()) / 1000);
  const [unit, length] = UNITS.find(([, one]) => seconds >= one) ?? (['second', Infinity] as const);
  const format = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  return format.format(-Math.floor(seconds / length), unit);
}

/** With the time zone, which is that of the profile where there is one. */
export function timeAt(date: Date, { lang }: Pick<Visit, 'lang'>, timeZone: string | null): string {
  const format = new Intl.DateTimeFormat(lang, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: timeZone ?? 'UTC',
    timeZoneName: 'short',
  });
  return format.format(date);
}
