import { ValidateBy } from 'class-validator';
import { isPlain } from './plain-text';

/** White space, fillers and the empty Braille pattern: characters that leave no ink. */
const BLANK = /[\s\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Text that shows what it says: 1 to `max` characters, at least one of them visible. */
export function IsPlainText(max: number, { multiline = false } = {}): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'isPlainText',
      validator: {
        validate: (value: unknown) => {
          if (typeof value !== 'string' || [...value].length > max) return false;
          return value.replace(BLANK, '') !== '' && isPlain(value, { multiline });
        },
        defaultMessage: () =>
          `${String(key)} must be 1 to ${max} visible characters without control characters`,
      },
    })(target, String(key));
}

/**
 * Text without lone surrogates: no UTF-8 can write them, so that whatever stores or hashes them takes all of
 * them for one replacement character.
 */
export function IsUnicode(): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'isUnicode',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && !/\p{Cs}/u.test(value),
        defaultMessage: () => `${String(key)} must be Unicode text without lone surrogates`,
      },
    })(target, String(key));
}

/** A well-formed BCP 47 language tag, which every `Intl` API takes: `zh-Hant-HK`, not `zh_HK`. */
export function IsLanguageTag(): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'isLanguageTag',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isWellFormed(value),
        defaultMessage: () => `${String(key)} must be a BCP 47 language tag like zh-CN`,
      },
    })(target, String(key));
}

function isWellFormed(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
