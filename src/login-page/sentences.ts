import type { ApiException } from '../common/errors';
import { type Visit, wordsOf } from './visit';

/** With their seconds, and up to how many they are counted in. */
const UNITS = [
  ['second', 1, 90],
  ['minute', 60, 5400],
  ['hour', 3600, Infinity],
] as const;

/**
 * Why something was refused, and when to try again, for whoever reads the page.
 *
 * @param isForScripts whether those of the page can do what is asked for.
 */
export function sentenceFor(error: ApiException, visit: Visit, isForScripts = false): string {
  const { form, errors, limits, tryAgainIn } = wordsOf(visit);
  const { errorCode, limit, retryAfter } = error;
  const isCaptcha = errorCode === 'CAPTCHA_REQUIRED';
  const instead = isForScripts ? form.scripts : errors.SMS_PAUSED;
  const said = limit ? limits[limit] : errors[errorCode];
  const what = isCaptcha ? instead : said;
  return retryAfter ? `${what} ${tryAgainIn.replace('{time}', timeIn(retryAfter, visit))}` : what;
}

export function timeIn(seconds: number, { lang }: Visit): string {
  const [unit, length] = UNITS.find(([, , limit]) => seconds < limit)!;
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(lang, style).format(Math.ceil(seconds / length));
}
