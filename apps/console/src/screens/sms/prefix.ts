/** A plus and seven digits: of no number more are told. */
export const PREFIX_LENGTH = 8;

/** What numbers begin with, as filters take it; empty for nothing. */
export function prefixOf(text: string): string {
  const digits = text
    .replaceAll(/\D/g, '')
    .replace(/^0+/, '')
    .slice(0, PREFIX_LENGTH - 1);
  return digits && `+${digits}`;
}
