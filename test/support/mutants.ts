const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** What stands in for a character, or between two: of the alphabet and beside it. */
const SOME = [...'AaZ0-_.=+/% \t\n\0\u00e9\u{1f600}'];
const WHITE_SPACE = [' ', '\t', '\n', '\r\n', '\0', '\u00a0', '\ufeff'];
const PADDING = ['=', '==', '%3D', 'A', 'AAAA', '.', '..'];

/**
 * Every text that is one step away from a token: characters replaced, left out, doubled, put in and
 * swapped, bits flipped, parts left out, doubled, emptied and put in another order. `alphabet` is what each
 * character is replaced by, besides {@link SOME}; the last two of a part are replaced by everything.
 */
export function mutantsOf(token: string, alphabet = ''): Set<string> {
  const mutants = new Set([
    ...characterMutants(token, alphabet),
    ...lastCharacterMutants(token),
    ...bitMutants(token),
    ...partMutants(token),
    ...wholeMutants(token),
  ]);
  mutants.delete(token);
  return mutants;
}

/** Mutants that also replace each character by every other one that tokens are made of. */
export const allMutantsOf = (token: string) => mutantsOf(token, BASE64URL);

function* characterMutants(token: string, alphabet: string): Generator<string> {
  for (let index = 0; index <= token.length; index++) {
    const [before, after] = [token.slice(0, index), token.slice(index)];
    yield before;
    yield after;
    for (const character of SOME) yield before + character + after;
    if (after === '') return;
    const [at, rest] = [after[0]!, after.slice(1)];
    yield before + rest;
    yield before + at + after;
    yield before + rest.slice(0, 1) + at + rest.slice(1);
    yield before + otherCase(at) + rest;
    for (const character of [...SOME, ...alphabet]) yield before + character + rest;
  }
}

/** Their lowest bits may be padding, which a lenient decoder does not look at. */
function* lastCharacterMutants(token: string): Generator<string> {
  for (const [index, part] of token.split('.').entries()) {
    for (const character of BASE64URL) {
      yield withPart(token, index, part.slice(0, -1) + character);
      yield withPart(token, index, part.slice(0, -2) + character + part.slice(-1));
    }
  }
}

/** Canonical again: each bit of each byte. */
function* bitMutants(token: string): Generator<string> {
  for (const [index, part] of token.split('.').entries()) {
    const bytes = Buffer.from(part, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      yield withPart(token, index, flipped.toString('base64url'));
    }
  }
}

/** Every order of up to four of the parts, of nothing, and of parts in another case or with something behind them. */
function* partMutants(token: string): Generator<string> {
  const parts = token.split('.');
  let orders: string[][] = [[]];
  for (let length = 1; length <= 4; length++) {
    orders = orders.flatMap((order) => [...parts, ''].map((part) => [...order, part]));
    for (const order of orders) yield order.join('.');
  }
  for (const [index, part] of parts.entries()) {
    yield withPart(token, index, part.toUpperCase());
    yield withPart(token, index, part.toLowerCase());
    for (const more of [...PADDING, ...WHITE_SPACE]) {
      yield withPart(token, index, part + more);
      yield withPart(token, index, more + part);
    }
  }
}

function* wholeMutants(token: string): Generator<string> {
  yield token.replaceAll('-', '+').replaceAll('_', '/');
  yield [...token].toReversed().join('');
  yield encodeURIComponent(token).replaceAll('.', '%2E');
  yield Buffer.from(token).toString('base64url');
  for (const character of ['"', "'", '<', ',']) yield character + token + character;
  for (const between of [',', ' ', '.', '']) yield token + between + token;
}

function withPart(token: string, index: number, part: string): string {
  return token.split('.').with(index, part).join('.');
}

function otherCase(character: string): string {
  const upper = character.toUpperCase();
  return upper === character ? character.toLowerCase() : upper;
}
