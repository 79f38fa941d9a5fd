/** Below this a secret has patterns or words. 32 random hexadecimal characters have 128. */
export const MIN_SECRET_BITS = 96;

/** Of a character that those before it foretell. */
const FORETOLD_BITS = 0.5;
/** Of a word of the dictionary: one of some 4,000, since people take common ones. */
const WORD_BITS = 12;
const LONGEST_WORD = 20;
/** Too short for the dictionary, and in every sentence about a secret. */
const SHORT_WORDS = ['and', 'for', 'is', 'jwt', 'key', 'my', 'not', 'of', 'prod', 'the', 'to'];
const KEYBOARD = [
  '1234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
];
const WALKS = KEYBOARD.flatMap((row) => [row, [...row].toReversed().join('')]);
const LEET: Record<string, string> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
};
const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * The bits that it takes at least to describe a secret that somebody may have typed: words, sequences, repetitions and walks
 * over the keyboard cost little, all else what its alphabet says.
 */
export function estimatedBits(secret: string): number {
  return Math.min(...[secret, ...decodings(secret)].map(bitsOf));
}

/** A text is no harder to guess for being encoded. */
function decodings(secret: string): string[] {
  const texts = (['base64', 'hex'] as const).map((form) =>
    Buffer.from(secret, form).toString('latin1'),
  );
  return texts.filter((text) => 2 * text.length >= secret.length && PRINTABLE.test(text));
}

function bitsOf(secret: string): number {
  const text = secret.toLowerCase();
  const plain = text.replace(/[013457@$]/g, (character) => LEET[character]!);
  const words = dictionary();
  const each = Math.log2(alphabetOf(secret));
  // The least for the beginning of the text, by its length.
  const least = [0];
  for (let end = 1; end <= text.length; end++) {
    const costs = [least[end - 1]! + (isForetold(text, end - 1) ? FORETOLD_BITS : each)];
    for (let start = Math.max(0, end - LONGEST_WORD); start < end - 1; start++) {
      const isWord = words.has(text.slice(start, end)) || words.has(plain.slice(start, end));
      if (isWord) costs.push(least[start]! + WORD_BITS);
    }
    least.push(Math.min(...costs));
  }
  return least.at(-1)!;
}

let known: ReadonlySet<string> | undefined;

/** Loaded only where secrets are judged. */
function dictionary(): ReadonlySet<string> {
  const { dictionary: lists } =
    require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return (known ??= new Set([...Object.values(lists).flat().map(String), ...SHORT_WORDS]));
}

function alphabetOf(secret: string): number {
  if (/^\d+$/.test(secret)) return 10;
  if (/^[\da-f]+$|^[\dA-F]+$/.test(secret)) return 16;
  const classes: [RegExp, number][] = [
    [/\d/, 10],
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[^\dA-Za-z]/, 6],
  ];
  return classes.reduce((sum, [form, size]) => sum + (form.test(secret) ? size : 0), 0);
}

function isForetold(text: string, index: number): boolean {
  const last = text.slice(Math.max(0, index - 2), index + 1);
  if (last.length < 3) return false;
  return (
    continuesSteps(text, index, 1) ||
    continuesSteps(text, index, 2) ||
    text.indexOf(last) < index - 2 ||
    WALKS.some((walk) => walk.includes(last)) ||
    isSameSeparator(text, index)
  );
}

/** `13579`, `aaaa`, and with two of them in turn `a1b2c3`. */
function continuesSteps(text: string, index: number, every: 1 | 2): boolean {
  const [first, second, third] = [2, 1, 0].map((back) => text.charCodeAt(index - back * every));
  const step = third! - second!;
  return Math.abs(step) <= 2 && step === second! - first!;
}

/** What stands between words. */
function isSameSeparator(text: string, index: number): boolean {
  const earlier = text.slice(0, index).match(/[^\da-z]/g);
  return earlier?.at(-1) === text[index];
}
