import { segmentsOf } from './segments';

describe('a text', () => {
  it.each([
    ['160 characters of GSM-7', 'a'.repeat(160), 1],
    ['161 characters of GSM-7', 'a'.repeat(161), 2],
    ['306 characters of GSM-7', 'a'.repeat(306), 2],
    ['307 characters of GSM-7', 'a'.repeat(307), 3],
    ['accents that GSM-7 has', 'éèàüñÇ'.repeat(26), 1],
    ['one accent that it has not', `${'a'.repeat(70)}ç`, 2],
    ['80 euro signs, which count double', '€'.repeat(80), 1],
    ['80 euro signs and a letter', `${'€'.repeat(80)}a`, 2],
    ['line feeds, which count once', '\n'.repeat(160), 1],
    ['70 units of UTF-16', '汉'.repeat(70), 1],
    ['71 units of UTF-16', '汉'.repeat(71), 2],
    ['134 units of UTF-16', '汉'.repeat(134), 2],
    ['135 units of UTF-16', '汉'.repeat(135), 3],
    ['a euro sign beside other scripts, which counts once', `${'汉'.repeat(69)}€`, 1],
    ['35 emoji, which count double', '😀'.repeat(35), 1],
    ['36 emoji', '😀'.repeat(36), 2],
    ['35 Devanagari syllables of two units', 'कि'.repeat(35), 1],
    ['36 Devanagari syllables of two units', 'कि'.repeat(36), 2],
  ])('of %s takes its segments', (_what, text, segments) => {
    expect(segmentsOf(text)).toBe(segments);
  });
});
