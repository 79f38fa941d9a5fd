import { isPlain } from './plain-text';

const ENGLAND = '🏴󠁧󠁢󠁥󠁮󠁧󠁿';
const WRITTEN = [
  ENGLAND,
  '🏴󠁧󠁢󠁷󠁬󠁳󠁿 Cymru 🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  '👩🏽‍🚀❤️‍🔥',
  'می‌خواهم',
  'דוד\u200f!',
  '\u200eDavid (דוד)\u200e',
  'محمد \u061c٢',
  'สม\u200bชาย',
  'សុខ\u200bសាន្ត\u200b',
  'ᠮᠣᠩᠭᠣᠯ\u180eᠠ',
  '\u2068David\u2069 & \u2067דוד\u2069',
  '\u202bדוד \u2066David\u2069\u202c',
  '\u0600١٢',
];
const DECEPTIVE = [
  'Li\u200bWei',
  '\u200bสมชาย\u200b\u200b\u200bx',
  '\u202eieW iL\u202c',
  '\u202dLi Wei\u202c',
  '\u2067Li Wei',
  'Li Wei\u2069',
  '\u2067Li\u202c',
  '\u2067\u202aLi\u2069\u202c',
  'Li\u00adWei',
  '\ufeffLi',
  'Li\u2060Wei',
  'Li\u206aWei',
  'Li\u180eWei',
  'Li\ufff9x\ufffby\ufffa',
  'a\u{e0067}\u{e0062}',
  '🏴\u{e0067}\u{e0062}',
  `🏴${'\u{e0061}'.repeat(7)}\u{e007f}`,
  '😀\u{e0067}\u{e0062}\u{e0065}\u{e007f}',
  'Li\u0007',
  'Li\tWei',
  'Li\nWei',
  'Li\u2028Wei',
  'Li\u0085Wei',
];
describe('plain text', () => {
  it.each(WRITTEN)('is what people write: %j', (text) => {
    expect(isPlain(text)).toBe(true);
  });

  it.each(DECEPTIVE)('is nothing that can deceive: %j', (text) => {
    expect(isPlain(text)).toBe(false);
  });

  it('has lines that are each closed, where it may have lines', () => {
    expect(isPlain('one\r\n\u2067two\u2069\nthree', { multiline: true })).toBe(true);
    expect(isPlain('\u2067one\ntwo\u2069', { multiline: true })).toBe(false);
    expect(isPlain('one\rtwo', { multiline: true })).toBe(false);
  });
});
