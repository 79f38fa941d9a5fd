import { Injectable } from '@nestjs/common';
import { Env } from '../config/env';

/** Characters, not bytes. There is no rule on their kind (NIST SP 800-63B-4, section 3.1.1.2). */
export const PASSWORD_LENGTH = { min: 8, max: 128 };

/** Shorter words are part of too many others. */
const MIN_WORD = 3;
/** The digits of a number that are its owner's, not their country's. */
const OWN_DIGITS = 8;

let mostUsed: ReadonlySet<string> | undefined;

/** What a password may not be: what everybody guesses first, and what those guess who know its owner. */
@Injectable()
export class PasswordPolicyService {
  constructor(private readonly env: Env) {}

  /** @returns what is wrong with a new password, for its owner to read. */
  problemsOf(password: string, username: string, mobile: string): string[] {
    mostUsed ??= loadMostUsed();
    if (mostUsed.has(password.normalize('NFKC').toLowerCase())) {
      return ['password is one of the most used ones, which are guessed first'];
    }
    const words = {
      'the username': username,
      'the mobile number': mobile.slice(-OWN_DIGITS),
      'the name of this service': this.env.APP_NAME,
    };
    return Object.entries(words)
      .filter(([, word]) => contains(password, word))
      .map(([name]) => `password must not contain ${name}`);
  }
}

/** From leaks, in lower case. A server that sets no password need not hold the list. */
function loadMostUsed(): ReadonlySet<string> {
  const { dictionary } =
    require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return new Set(
    dictionary['passwords-common'].filter(({ length }) => length >= PASSWORD_LENGTH.min),
  );
}

function contains(password: string, word: string): boolean {
  const letters = lettersOf(word);
  return letters.length >= MIN_WORD && lettersOf(password).includes(letters);
}

/** `Li-Wei 1` and `li.wei1` are one word. */
function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
