import { isTimeZone, ValidateBy } from 'class-validator';
import { remembering } from './remembering';

/** No name is longer. */
const MAX_LENGTH = 64;

const isKnown = remembering(isTimeZone, 1000);

/** A name of the IANA time zone database. ICU takes longer to find one than all else of a profile to be judged: it is asked once. */
export function IsTimeZone(): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'isTimeZone',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && value.length <= MAX_LENGTH && isKnown(value),
        defaultMessage: () => `${String(key)} must be a valid IANA time-zone`,
      },
    })(target, String(key));
}
