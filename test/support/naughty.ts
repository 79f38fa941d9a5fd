/** Strings that break software, as others collected them. */
const COLLECTED: string[] = require('big-list-of-naughty-strings');

/** Strings that break stores. */
export const NAUGHTIEST: readonly string[] = [
  '\0',
  'a\0b',
  '\ud800',
  'a\udc00b',
  '\udfff\ud800',
  '\u{1f600}',
  '\u{20bb7}\u{1d54f}',
  '\u{10ffff}',
  '\ufdfa',
  '\ufffd',
  '\ufffe',
  '\u202eabc',
  '\u05d0\u05d1\u200f',
  'e\u0301',
  '\u00e9',
  'I\u0307',
  '\u212a',
  '\u1e9e',
  ' a ',
  'a ',
  "\\'; DROP TABLE users; --",
  '%00',
  '%s%n%x',
  '${7*7}',
  '__proto__',
  'constructor',
  '9'.repeat(19),
  '-9223372036854775809',
];

export const NAUGHTY: readonly string[] = [...COLLECTED, ...NAUGHTIEST];
