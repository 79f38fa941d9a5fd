import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { CODE_FORM, CODE_PATTERN } from './code';
import { typedDigits } from './typed-digits';

/** Longer texts are no code, however they are cleaned. */
const MAX_SPELLING = 64;

/**
 * The digits of a code, as people type and paste them (`831 749`), or as the JSON number that a client makes of them.
 * A number that has lost its zeros is refused: whoever guesses must not get other spellings of a code than its owner.
 */
export function IsCode(): PropertyDecorator {
  return (target, key) => {
    Transform(({ value }) => codeIn(value))(target, key);
    Matches(CODE_PATTERN, { message: `${String(key)} must be ${CODE_FORM}` })(target, String(key));
  };
}

function codeIn(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.length <= MAX_SPELLING ? typedDigits(value) : value;
}
