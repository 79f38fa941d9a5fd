/**
 * What shows nothing by itself: controls, lone surrogates, private use, line and paragraph separators, annotations, and the format
 * characters that are not visible. (Others are, such as the Arabic signs around a number.)
 */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufff9-\ufffb]|(?=\p{Default_Ignorable_Code_Point})\p{Cf}/u;

/** Scripts without spaces between words, in which a zero-width space says where a line may break (UAX 14, class SA). */
const UNSPACED =
  '[\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}\\p{sc=Tai_Le}\\p{sc=New_Tai_Lue}\\p{sc=Tai_Tham}\\p{sc=Tai_Viet}]';

/**
 * The invisible characters that people write, by the reasoning of UTS 39 (section 3.1: where a script needs them) and
 * UTS 55 (marks of direction are harmless, since they order nothing but themselves).
 */
const WRITTEN = [
  // Joiners: emoji sequences and the scripts of India, Persia and others.
  /[\u200c\u200d]/g,
  // The marks of Hebrew and Arabic.
  /[\u200e\u200f\u061c]/g,
  new RegExp(`(?<=${UNSPACED})\u200b|\u200b(?=${UNSPACED})`, 'gu'),
  // The vowel separator of Mongolian.
  /(?<=\p{sc=Mongolian})\u180e/gu,
  // The flags of England, Scotland and Wales (UTS 51, ED-14a). Elsewhere tags can hide a whole text.
  /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/gu,
  // Embeddings and isolates, which must be balanced.
  /[\u202a\u202b\u202c\u2066-\u2069]/g,
];
const PDF = '\u202c';
const PDI = '\u2069';
const CLOSED_BY: Readonly<Record<string, string>> = {
  '\u202a': PDF,
  '\u202b': PDF,
  '\u2066': PDI,
  '\u2067': PDI,
  '\u2068': PDI,
};
const NEWLINES = /\r?\n/;

/**
 * Whether a text shows what it says. What is refused can deceive: overrides of direction, which show letters in another order than they
 * have also where they are closed, embeddings and isolates that reach beyond the text, controls, and hidden characters.
 */
export function isPlain(text: string, { multiline = false } = {}): boolean {
  const lines = multiline ? text.split(NEWLINES) : [text];
  return lines.every((line) => isBalanced(line) && !INVISIBLE.test(withoutWritten(line)));
}

function withoutWritten(line: string): string {
  return WRITTEN.reduce((rest, characters) => rest.replace(characters, ''), line);
}

/** Whether each embedding and isolate is closed, in turn, before the line ends (UAX 9, 3.1). */
function isBalanced(line: string): boolean {
  const open: string[] = [];
  for (const character of line) {
    const closedBy = CLOSED_BY[character];
    if (closedBy) open.push(closedBy);
    else if ((character === PDF || character === PDI) && open.pop() !== character) return false;
  }
  return open.length === 0;
}
