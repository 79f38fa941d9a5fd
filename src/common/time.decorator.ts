import { ValidateBy } from 'class-validator';

/** A day, or a moment with its offset (RFC 3339). What else `Date` takes it guesses, or means in the zone of this machine. */
const FORM = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Undefined for what is no day and no moment. */
export function parseTime(text: string): Date | undefined {
  const time = FORM.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : new Date(time);
}

/** For `Date` the 31st of February is the 3rd of March. */
function isDay(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Text that {@link parseTime} reads. */
export function IsTime(): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'isTime',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && parseTime(value) !== undefined,
        defaultMessage: () => `${String(key)} must be a day, or a time with its offset (RFC 3339)`,
      },
    })(target, String(key));
}
